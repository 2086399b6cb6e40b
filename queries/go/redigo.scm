; github.com/gomodule/redigo (garyburd/redigo before) and github.com/redis/rueidis: commands by name, and by a builder. A key's text up to the
; first `:` names the space.
; Known misses: keys made by a helper from its parameters, scripts, several keys of one command.

(stub ["github.com/gomodule/redigo/redis.Dial" "github.com/gomodule/redigo/redis.DialURL" "github.com/gomodule/redigo/redis.DialContext"
       "github.com/gomodule/redigo/redis.DialURLContext" "github.com/gomodule/redigo/redis.Pool.Get" "github.com/gomodule/redigo/redis.Pool.GetContext"
       "github.com/garyburd/redigo/redis.Dial" "github.com/garyburd/redigo/redis.DialURL" "github.com/garyburd/redigo/redis.Pool.Get"]
  returns: "github.com/gomodule/redigo/redis.Conn")
(stub "github.com/garyburd/redigo/redis.Conn" same: "github.com/gomodule/redigo/redis.Conn")
(stub "github.com/garyburd/redigo/redis.Pool" same: "github.com/gomodule/redigo/redis.Pool")

((call receiver: (_) @access.receiver method: ["Do" "Send"] argument[0]: (text) @_command argument[1]: (string) @access.target
  (#type? @access.receiver "github.com/gomodule/redigo/redis.Conn")
  (#match? @_command "^(?i)(get|mget|getrange|strlen|exists|ttl|pttl|type|keys|hget|hmget|hgetall|hkeys|hvals|hlen|hexists|lrange|llen|lindex|smembers|sismember|scard|srandmember|zrange|zrangebyscore|zrevrange|zrevrangebyscore|zscore|zcard|zcount|zrank|zrevrank|getbit|bitcount|pfcount|xlen|xrange)$")
  (#set! access.target "key") (#set! store.kind "cache") (#set! operation "select")) @access)
((call receiver: (_) @access.receiver method: ["Do" "Send"] argument[0]: (text) @_command argument[1]: (string) @access.target
  (#type? @access.receiver "github.com/gomodule/redigo/redis.Conn")
  (#match? @_command "^(?i)(set|setex|setnx|psetex|mset|getset|append|incr|incrby|incrbyfloat|decr|decrby|expire|expireat|pexpire|persist|rename|hset|hmset|hsetnx|hincrby|hdel|lpush|rpush|lpop|rpop|lrem|ltrim|lset|sadd|srem|spop|smove|zadd|zincrby|zrem|zremrangebyscore|zremrangebyrank|setbit|pfadd)$")
  (#set! access.target "key") (#set! store.kind "cache") (#set! operation "update")) @access)
((call receiver: (_) @access.receiver method: ["Do" "Send"] argument[0]: (text) @_command argument[1]: (string) @access.target
  (#type? @access.receiver "github.com/gomodule/redigo/redis.Conn")
  (#match? @_command "^(?i)(del|unlink|getdel)$")
  (#set! access.target "key") (#set! store.kind "cache") (#set! operation "delete")) @access)
((call receiver: (_) @_conn method: ["Do" "Send"] argument[0]: (text) @_command argument[1]: (string) @message.topic
  (#type? @_conn "github.com/gomodule/redigo/redis.Conn")
  (#match? @_command "^(?i)publish$")
  (#set! message.broker "redis")) @message.publish)
((call receiver: (_) @_conn method: ["Subscribe" "PSubscribe"] argument[0]: (string) @message.topic
  (#type? @_conn "github.com/gomodule/redigo/redis.PubSubConn" "github.com/garyburd/redigo/redis.PubSubConn")
  (#set! message.broker "redis")) @message.subscribe)

; rueidis: `client.Do(ctx, client.B().Set().Key("orders:1").Value(v).Build())`.
(stub "github.com/redis/rueidis.NewClient" returns: "github.com/redis/rueidis.Client")
((call receiver: (call receiver: (call receiver: (_) @_client method: "B") method: _ @access.verb) method: "Key" argument[0]: (string) @access.target
  (#type? @_client "github.com/redis/rueidis.Client")
  (#set! access.target "key") (#set! store.kind "cache")
  (#set! access.select "Get Mget Getrange Strlen Exists Ttl Pttl Type Hget Hmget Hgetall Hkeys Hvals Hlen Hexists Lrange Llen Lindex Smembers Sismember Scard Srandmember Zrange Zrangebyscore Zrevrange Zscore Zcard Zcount Zrank Zrevrank Getbit Bitcount Pfcount Xlen Xrange")
  (#set! access.update "Set Setex Setnx Psetex Mset Getset Append Incr Incrby Incrbyfloat Decr Decrby Expire Expireat Pexpire Persist Rename Hset Hmset Hsetnx Hincrby Hdel Lpush Rpush Lpop Rpop Lrem Ltrim Lset Sadd Srem Spop Smove Zadd Zincrby Zrem Zremrangebyscore Zremrangebyrank Setbit Pfadd")
  (#set! access.delete "Del Unlink Getdel")) @access)
((call receiver: (call receiver: (call receiver: (_) @_client method: "B") method: "Publish") method: "Channel" argument[0]: (string) @message.topic
  (#type? @_client "github.com/redis/rueidis.Client")
  (#set! message.broker "redis")) @message.publish)
((call receiver: (call receiver: (call receiver: (_) @_client method: "B") method: ["Subscribe" "Psubscribe"]) method: "Channel" argument[0]: (string) @message.topic
  (#type? @_client "github.com/redis/rueidis.Client")
  (#set! message.broker "redis")) @message.subscribe)
