#!/usr/bin/env bash
# Train in several processes: tools/dist_train.sh CONFIG PROCESSES [train.py flags]. GPUs with nccl, else CPU with gloo.
set -euo pipefail
if [ $# -lt 2 ]; then
    echo "usage: $0 CONFIG PROCESSES [flags of tools/train.py]" >&2
    exit 2
fi
config=$1
processes=$2
shift 2
root=$(cd "$(dirname "$0")/.." && pwd)
python=${PYTHON:-$root/.venv/bin/python}
command -v "$python" > /dev/null || python=python
exec "$python" -m torch.distributed.run --standalone --nproc_per_node="$processes" \
    "$root/tools/train.py" "$config" --launcher pytorch "$@"
