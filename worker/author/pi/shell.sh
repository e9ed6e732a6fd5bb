#!/bin/sh
# What the agent's bash tool calls: a command that hangs is ended, and the agent is told.
exec timeout --kill-after=5 "${COMMAND_SECONDS:-300}" /bin/bash "$@"
