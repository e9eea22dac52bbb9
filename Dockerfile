# One image for Kubernetes jobs, Binder and the devcontainer: Node, Python, all packages and libtensorflow, and a compiler,
# as kernels are compiled for the processor that runs them. It holds no secrets, and runs as a user of its own.
FROM node:20.20.2-bookworm-slim

RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates g++ git python3 python3-venv \
 && rm -rf /var/lib/apt/lists/*

# Binder asks for these names; the number is the one that the base image's own user has.
ARG NB_USER=jovyan
ARG NB_UID=1000
RUN usermod --login ${NB_USER} --move-home --home /home/${NB_USER} node \
 && groupmod --new-name ${NB_USER} node \
 && usermod --uid ${NB_UID} ${NB_USER} \
 && install --directory --owner=${NB_USER} /project /shared
ENV USER=${NB_USER} HOME=/home/${NB_USER} NODE_OPTIONS="" PATH=/project/.venv/bin:$PATH
USER ${NB_USER}
WORKDIR /project

# Packages change less often than sources: what this layer needs is copied first.
COPY --chown=${NB_UID} package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --cache /tmp/npm && rm -rf /tmp/npm
COPY --chown=${NB_UID} . .
# .venv, libtensorflow and the kernels; Snakemake; and what Binder needs of a notebook server.
RUN npm run doctor \
 && npm run sweep -- --dry-run \
 && .venv/bin/pip install --no-cache-dir --no-compile --no-deps --require-hashes --requirement workflow/container/requirements.txt \
 && rm -rf results .venv-workflow/share /tmp/* \
           "$HOME"/.cache/attention-is-not-explanation/npm "$HOME"/.cache/attention-is-not-explanation/pip \
           "$HOME"/.cache/attention-is-not-explanation/logs

EXPOSE 8888
# Another processor than the one that built the image gets kernels of its own.
ENTRYPOINT ["/project/workflow/container/entrypoint.sh"]
CMD ["jupyter", "lab", "--ip=0.0.0.0", "--no-browser", "notebooks"]
