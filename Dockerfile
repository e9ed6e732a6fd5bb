# Two targets. `bot` (the last, so a Space builds it) serves as uid 1000. `worker` is the Job's image: it starts
# as root, so that it can drop to another uid before it runs code that it did not write.
FROM python:3.12-slim AS installed
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
COPY requirements/uv.lock requirements/bot.lock requirements/
RUN pip install --require-hashes --requirement requirements/uv.lock \
 && uv pip install --system --no-cache --compile-bytecode --require-hashes --requirement requirements/bot.lock \
 && pip uninstall --yes uv

FROM installed AS worker
COPY requirements/author.lock requirements/
COPY worker worker
ENV PYTHONPATH=/app HF_HOME=/tmp/huggingface
RUN python -m worker.author.install
RUN python -m worker --help && python -c "import gradio_client, hf_xet"
CMD ["python", "-m", "worker", "build"]

FROM installed AS bot
RUN useradd --create-home --uid 1000 user
COPY --chown=user bot bot
COPY --chown=user handlers handlers
COPY --chown=user worker worker
ENV PYTHONPATH=/app HF_HOME=/tmp/huggingface DATA_DIR=/home/user/data
USER user
RUN python -m bot --help && python -m worker --help && python -c "import bot.app"
EXPOSE 7860
CMD ["python", "-m", "bot", "serve"]
