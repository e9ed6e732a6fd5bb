"""Names of the clients, services and libraries by which an app asks somebody else's computer."""

CLIENTS = frozenset(
    {
        "InferenceClient",
        "AsyncInferenceClient",
        "InferenceApi",
        "InferenceEndpoint",
        "HuggingFaceEndpoint",
        "HuggingFaceHub",
        "HuggingFaceInferenceAPI",
        "InferenceClientModel",
        "HfApiModel",
    }
)
SERVICES = frozenset(
    {
        "gradio_client",
        "openai",
        "anthropic",
        "replicate",
        "cohere",
        "groq",
        "mistralai",
        "together",
        "litellm",
        "fal_client",
        "boto3",
        "ollama",
        "paramiko",
        "xmlrpc",
        "google.generativeai",
        "google.genai",
    }
)
NETWORK = frozenset(
    {"requests", "httpx", "httpx2", "aiohttp", "urllib", "urllib3", "http", "socket", "websockets"}
)
