# syntax=docker/dockerfile:1
# One image for every service: `docker build --build-arg SERVICE=recognition .`
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
ENV ONNXRUNTIME_NODE_INSTALL=skip NX_DAEMON=false CI=true
COPY package.json package-lock.json .npmrc nx.json tsconfig.base.json tsconfig.json ./
COPY libs libs
COPY apps apps
COPY tools tools
COPY models/weights models/weights
# Packages, build and models in one step: the same code as on a laptop.
RUN node tools/setup.mjs
RUN npm prune --omit=dev --no-audit --no-fund \
 && find node_modules/onnxruntime-node/bin/napi-v*/ -mindepth 1 -maxdepth 1 ! -name linux -exec rm -rf {} + \
 && rm -rf .nx apps/*/src libs/*/src tools/src

FROM ${NODE_IMAGE} AS runtime
RUN apt-get update \
 && apt-get install -y --no-install-recommends ffmpeg tini \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=build --chown=node:node /app /app
RUN mkdir -p /data /videos && chown node:node /data /videos
ARG SERVICE=all
ENV SERVICE=${SERVICE} NODE_ENV=production DATA_DIR=/data MODELS_DIR=/app/models \
    HEALTH_HOST=0.0.0.0 HEALTH_PORT=9400 GATEWAY_HOST=0.0.0.0 GATEWAY_PORT=8080 LOG_FORMAT=json
USER node
VOLUME /data
EXPOSE 8080 9400
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.HEALTH_PORT}/health/live`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["/usr/bin/tini", "--"]
CMD ["node", "--enable-source-maps", "tools/dist/serve.js"]
