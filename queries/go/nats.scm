; github.com/nats-io/nats.go: core subjects, queue groups, requests, JetStream.
; Known misses: key-value buckets and object stores.

(stub "github.com/nats-io/nats.go.Connect" returns: "github.com/nats-io/nats.go.Conn")
(stub "github.com/nats-io/nats.go.Conn.JetStream" returns: "github.com/nats-io/nats.go.JetStreamContext")
(stub "github.com/nats-io/nats.go.NewEncodedConn" returns: "github.com/nats-io/nats.go.EncodedConn")
(stub ["github.com/nats-io/nats.go.EncodedConn" "github.com/nats-io/nats.go.JetStreamContext" "github.com/nats-io/nats.go.JetStream"]
  extends: "github.com/nats-io/nats.go.Conn")
(stub "github.com/nats-io/nats.go/jetstream.New" returns: "github.com/nats-io/nats.go/jetstream.JetStream")

((call receiver: (_) @_conn method: ["Publish" "PublishRequest" "PublishAsync" "Request"] argument[0]: (string) @message.topic
  (#type? @_conn "github.com/nats-io/nats.go.Conn")
  (#set! message.broker "nats")) @message.publish)
((call receiver: (_) @_conn method: ["Publish" "PublishAsync" "RequestWithContext"] argument[1]: (string) @message.topic
  (#type? @_conn "github.com/nats-io/nats.go/jetstream.JetStream")
  (#set! message.broker "nats")) @message.publish)
((call receiver: (_) @_conn method: "Subscribe" argument[0]: (string) @message.topic argument[1]: (_) @message.handler
  (#type? @_conn "github.com/nats-io/nats.go.Conn")
  (#set! message.broker "nats")) @message.subscribe)
((call receiver: (_) @_conn method: "QueueSubscribe" argument[0]: (string) @message.topic argument[2]: (_) @message.handler
  (#type? @_conn "github.com/nats-io/nats.go.Conn")
  (#set! message.broker "nats")) @message.subscribe)
((call receiver: (_) @_conn method: ["SubscribeSync" "ChanSubscribe" "PullSubscribe" "QueueSubscribeSync" "ChanQueueSubscribe"]
       argument[0]: (string) @message.topic
  (#type? @_conn "github.com/nats-io/nats.go.Conn")
  (#set! message.broker "nats")) @message.subscribe)
