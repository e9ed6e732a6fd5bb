# Two targets. `bot` (the last, so a Space builds it) serves as uid 1000. `worker` is the Job's image: it starts
# as root, so that it can drop to another uid before it runs code that it did not write. What is installed is
# root's and compiled, so that neither start nor uid 1000 writes here; `make image` proves each step.
FROM python:3.13-slim-trixie AS installed
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=/app HF_HOME=/tmp/huggingface
WORKDIR /app
COPY requirements/bot.lock requirements/
RUN python -m pip install --no-cache-dir --root-user-action ignore --disable-pip-version-check --compile \
    --require-hashes --requirement requirements/bot.lock \
 && python -c "import av, gradio_client, hf_xet, numpy, PIL.Image" && rm -rf "$HF_HOME"

FROM installed AS worker
COPY requirements/author.lock requirements/
COPY worker worker
RUN python -m worker.author.install && rm -rf /root/.npm
RUN python -m compileall -q worker && python -m worker --help \
 && python -c "import worker.pipeline, worker.authoring" && rm -rf "$HF_HOME"
CMD ["python", "-m", "worker", "build"]

FROM installed AS bot
RUN useradd --create-home --uid 1000 user && install --directory --owner user /home/user/data
COPY bot bot
COPY handlers handlers
COPY worker worker
RUN python -m compileall -q bot handlers worker
USER 1000
ENV HOME=/home/user DATA_DIR=/home/user/data
RUN python -m bot --help && python -m worker --help \
 && python -c "import bot.app, worker.pipeline, dbos, discord, psycopg, uvloop" && rm -rf "$HF_HOME"
EXPOSE 7860
CMD ["python", "-m", "bot", "serve"]
