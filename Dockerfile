# The one program, for the provider's size (docker-compose.yml). Laboratories of one size need no container: `make run`.
FROM node:20-bookworm-slim AS web
WORKDIR /src
COPY web/package.json web/package-lock.json web/
RUN npm ci --prefix web --no-audit --no-fund
COPY openapi openapi
COPY web web
RUN npm run --prefix web build

FROM rust:1.92-bookworm AS build
WORKDIR /src
COPY . .
COPY --from=web /src/web/dist web/dist
RUN cargo build --release --workspace --locked

FROM debian:bookworm-slim
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/attest attest
COPY --from=build /src/target/release/attest /src/target/release/attest-verify /usr/local/bin/
USER attest
WORKDIR /var/lib/attest
EXPOSE 8080
ENTRYPOINT ["attest"]
CMD ["serve", "--data-dir", "/var/lib/attest/data", "--listen", "0.0.0.0:8080"]
