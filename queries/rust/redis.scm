; redis (redis-rs) with its pools: commands as methods, `redis::cmd`, publish and subscribe.
; A key's text up to the first colon names the space. Known misses: keys made by functions, scripts, pipelines kept apart.

; What a call may fail with hides nothing.
(stub "redis::RedisResult" wraps: 0)

(stub ["redis::Client::open"] returns: "redis::Client")
(stub ["redis::Client::get_connection" "redis::Client::get_async_connection" "redis::Client::get_multiplexed_async_connection"
       "redis::Client::get_multiplexed_tokio_connection" "redis::Client::get_connection_manager" "redis::Client::get_tokio_connection"
       "deadpool_redis::Pool::get"]
  returns: "redis::Connection")
(stub ["redis::aio::Connection" "redis::aio::MultiplexedConnection" "redis::aio::ConnectionManager" "redis::aio::ConnectionLike"
       "redis::ConnectionLike" "redis::Commands" "redis::AsyncCommands" "redis::cluster_async::ClusterConnection"
       "redis::cluster::ClusterConnection" "deadpool_redis::Connection" "bb8_redis::RedisConnectionManager"
       "deadpool_redis::redis::Connection"]
  extends: "redis::Connection")
(stub ["redis::Connection::as_pubsub" "redis::Client::get_async_pubsub" "redis::Client::get_async_pubsub_with_config"] returns: "redis::PubSub")
(stub ["redis::aio::PubSub"] extends: "redis::PubSub")
(stub ["redis::pipe" "redis::Pipeline::new"] returns: "redis::Pipeline")
(stub "redis::Pipeline::*" returns: self)

(call receiver: (_) @_connection
  method: ["get" "mget" "exists" "ttl" "pttl" "strlen" "getrange" "hget" "hget_multiple" "hgetall" "hkeys" "hvals" "hlen" "hexists" "lrange"
           "llen" "lindex" "smembers" "sismember" "scard" "zrange" "zrange_withscores" "zrangebyscore" "zrevrange" "zscore" "zcard"
           "zrank" "set" "set_ex" "set_nx" "set_options" "pset_ex" "mset" "append" "incr" "decr" "expire" "expire_at" "persist" "hset"
           "hset_multiple" "hset_nx" "hincr" "lpush" "rpush" "lpop" "rpop" "ltrim" "lset" "sadd" "srem" "spop" "zadd" "zadd_multiple"
           "zincr" "zrem" "zrembyscore" "del" "unlink" "hdel" "get_del" "getset"] @access.verb
  argument[0]: (string) @access.target
  (#type? @_connection "redis::Connection" "redis::Pipeline")
  (#set! access.target "key")
  (#set! store.kind "cache")
  (#set! access.select "get mget exists ttl pttl strlen getrange hget hget_multiple hgetall hkeys hvals hlen hexists lrange llen lindex smembers sismember scard zrange zrange_withscores zrangebyscore zrevrange zscore zcard zrank")
  (#set! access.update "set set_ex set_nx set_options pset_ex mset append incr decr expire expire_at persist hset hset_multiple hset_nx hincr lpush rpush lpop rpop ltrim lset sadd srem spop zadd zadd_multiple zincr zrem zrembyscore getset")
  (#set! access.delete "del unlink hdel get_del")) @access

; redis::cmd("SET").arg("key").arg(value).query(&mut con)
(call receiver: (call callee: [(name "cmd") (member name: "cmd")] @_cmd argument[0]: (text) @_command) method: "arg" argument[0]: (string) @access.target
  (#is? @_cmd "redis::cmd")
  (#match? @_command "^(?i)(get|mget|exists|ttl|hget|hgetall|hkeys|hvals|hlen|hexists|lrange|llen|smembers|sismember|scard|zrange|zscore|zcard)$")
  (#set! operation "select")
  (#set! access.target "key")
  (#set! store.kind "cache")) @access
(call receiver: (call callee: [(name "cmd") (member name: "cmd")] @_cmd argument[0]: (text) @_command) method: "arg" argument[0]: (string) @access.target
  (#is? @_cmd "redis::cmd")
  (#match? @_command "^(?i)(set|setex|setnx|psetex|append|incr|incrby|decr|decrby|expire|hset|hmset|hincrby|lpush|rpush|lpop|rpop|ltrim|sadd|srem|zadd|zincrby|zrem)$")
  (#set! operation "update")
  (#set! access.target "key")
  (#set! store.kind "cache")) @access
(call receiver: (call callee: [(name "cmd") (member name: "cmd")] @_cmd argument[0]: (text) @_command) method: "arg" argument[0]: (string) @access.target
  (#is? @_cmd "redis::cmd")
  (#match? @_command "^(?i)(del|unlink|hdel|getdel)$")
  (#set! operation "delete")
  (#set! access.target "key")
  (#set! store.kind "cache")) @access

; Publish and subscribe.
(call receiver: (_) @_connection method: "publish" argument[0]: (string) @message.topic
  (#type? @_connection "redis::Connection")
  (#set! message.broker "redis")) @message.publish
(call receiver: (_) @_pubsub method: ["subscribe" "psubscribe"] argument[0]: (string) @message.topic
  (#type? @_pubsub "redis::PubSub")
  (#set! message.broker "redis")) @message.subscribe
