# Stands in for the official image of nats-server where no registry can be reached: the same program, started alike.
FROM debian:bookworm-slim
COPY nats-server /nats-server
RUN ln -s /nats-server /usr/local/bin/nats-server
ENTRYPOINT ["/nats-server"]
