; redis-py (sync and asyncio), aioredis: keys up to the first colon are cache spaces; pub/sub channels are topics.
; Known misses: Lua scripts; pipelines count like the client they come from.

((call receiver: (_) @access.receiver method: _ @access.verb argument[0]: (string) @access.target) @access
  (#type? @access.receiver "redis.Redis")
  (#set! access.target "key")
  (#set! store.kind "cache")
  (#set! access.select "get mget hget hgetall hmget hkeys hvals hlen hexists exists ttl pttl keys scan scan_iter lrange llen lindex smembers sismember scard srandmember zrange zrevrange zrangebyscore zscore zcard zrank zcount type getrange strlen xrange xread xlen bitcount pfcount")
  (#set! access.insert "set setex psetex setnx mset hset hsetnx hmset lpush rpush lpushx rpushx sadd zadd xadd append getset pfadd")
  (#set! access.update "incr incrby incrbyfloat decr decrby hincrby hincrbyfloat zincrby expire expireat pexpire persist rename lset ltrim setbit setrange")
  (#set! access.delete "delete unlink hdel lpop rpop blpop brpop lrem srem spop zrem zremrangebyscore zremrangebyrank zpopmin zpopmax getdel xdel"))

((call receiver: (_) @_client method: "publish" argument[0]: (string) @message.topic) @message.publish
  (#type? @_client "redis.Redis")
  (#set! message.broker "redis"))
((call receiver: (_) @_client method: ["subscribe" "psubscribe"] argument[*]: (string) @message.topic) @message.subscribe
  (#type? @_client "redis.client.PubSub")
  (#set! message.broker "redis"))

(stub ["redis.StrictRedis" "redis.client.Redis" "redis.client.StrictRedis" "redis.asyncio.Redis" "redis.asyncio.StrictRedis" "redis.asyncio.client.Redis"
       "redis.cluster.RedisCluster" "redis.RedisCluster" "aioredis.Redis" "aioredis.client.Redis" "fakeredis.FakeRedis"] same: "redis.Redis")
(stub ["redis.from_url" "redis.asyncio.from_url" "aioredis.from_url" "aioredis.create_redis_pool" "redis.Redis.from_url" "redis.Redis.pipeline" "redis.Redis.client"] returns: "redis.Redis")
(stub ["redis.Redis.pubsub"] returns: "redis.client.PubSub")
(stub ["redis.asyncio.client.PubSub"] same: "redis.client.PubSub")
