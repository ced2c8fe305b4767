# One image for every process: `docker-compose.yml` names the command of each. Node's current LTS; 20.19 and newer work.
FROM node:26-slim AS build
WORKDIR /srv/stuiver
COPY . .
RUN npm ci --no-audit --no-fund && npm prune --omit=dev --ignore-scripts

FROM node:26-slim
ENV NODE_ENV=production STUIVER_DATA_DIR=/var/lib/stuiver
WORKDIR /srv/stuiver
# What a volume is mounted on belongs to whom it is mounted for.
RUN mkdir -p /var/lib/stuiver/demo /var/lib/cafe \
      /run/stuiver/order /run/stuiver/ledger /run/stuiver/payout /run/stuiver/web /run/stuiver/sandbox \
  && chown -R node:node /var/lib/stuiver /var/lib/cafe /run/stuiver
COPY --from=build /srv/stuiver/package.json ./
COPY --from=build /srv/stuiver/node_modules ./node_modules
COPY --from=build /srv/stuiver/libs ./libs
COPY --from=build /srv/stuiver/apps ./apps
# The process owns nothing of the above: it runs on a read-only root, and what it keeps is in the volume.
USER node
VOLUME /var/lib/stuiver
HEALTHCHECK --start-period=30s --interval=10s --timeout=5s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 8080}/health/ready`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# No shell and no npm in between: SIGTERM reaches the process, which drains.
CMD ["node", "apps/stuiver/bin/stuiver.js", "start"]
