; github.com/redis/go-redis v9, github.com/go-redis/redis v6 to v8: keys as cache spaces (up to the first `:`), values kept by go-redis/cache, publish and
; subscribe. The context argument (v8 and later) and its absence are both read.
; Known misses: keys made by a helper from its parameters; what a script does with its keys.

(stub ["github.com/redis/go-redis.NewClient" "github.com/redis/go-redis.NewFailoverClient"] returns: "github.com/redis/go-redis.Client")
(stub "github.com/redis/go-redis.NewClusterClient" returns: "github.com/redis/go-redis.ClusterClient")
(stub "github.com/redis/go-redis.NewUniversalClient" returns: "github.com/redis/go-redis.UniversalClient")
(stub ["github.com/redis/go-redis.Client" "github.com/redis/go-redis.ClusterClient" "github.com/redis/go-redis.UniversalClient"
       "github.com/redis/go-redis.Pipeliner" "github.com/redis/go-redis.Tx" "github.com/redis/go-redis.Conn"]
  extends: "github.com/redis/go-redis.Cmdable")
(stub ["github.com/redis/go-redis.Cmdable.Pipeline" "github.com/redis/go-redis.Cmdable.TxPipeline"
       "github.com/redis/go-redis.Client.Pipeline" "github.com/redis/go-redis.Client.TxPipeline"] returns: "github.com/redis/go-redis.Pipeliner")
(stub ["github.com/redis/go-redis.Client.WithContext" "github.com/redis/go-redis.Client.WithTimeout"] returns: self)
(stub "github.com/go-redis/redis.Client" same: "github.com/redis/go-redis.Client")
(stub "github.com/go-redis/redis.ClusterClient" same: "github.com/redis/go-redis.ClusterClient")
(stub "github.com/go-redis/redis.UniversalClient" same: "github.com/redis/go-redis.UniversalClient")
(stub "github.com/go-redis/redis.Cmdable" same: "github.com/redis/go-redis.Cmdable")
(stub "github.com/go-redis/redis.Pipeliner" same: "github.com/redis/go-redis.Pipeliner")
(stub "github.com/go-redis/redis.NewClient" returns: "github.com/redis/go-redis.Client")
(stub "github.com/go-redis/redis.NewClusterClient" returns: "github.com/redis/go-redis.ClusterClient")
(stub "github.com/go-redis/redis.NewUniversalClient" returns: "github.com/redis/go-redis.UniversalClient")

; With a context first.
((call receiver: (_) @access.receiver
       method: ["Get" "GetEx" "MGet" "HGet" "HGetAll" "HMGet" "HKeys" "HVals" "HLen" "HExists" "Exists" "TTL" "PTTL" "Type"
                "SMembers" "SIsMember" "SCard" "SRandMember" "ZRange" "ZRangeByScore" "ZRevRange" "ZRangeWithScores"
                "ZRevRangeWithScores" "ZScore" "ZCard" "ZCount" "ZRank" "ZRevRank" "LRange" "LLen" "LIndex" "GetBit"
                "BitCount" "StrLen" "XRange" "XLen" "PFCount"
                "Set" "SetEx" "SetEX" "SetNX" "SetXX" "GetSet" "MSet" "Append" "HSet" "HMSet" "HSetNX" "HIncrBy"
                "HIncrByFloat" "HDel" "Incr" "IncrBy" "IncrByFloat" "Decr" "DecrBy" "Expire" "ExpireAt" "PExpire" "Persist"
                "Rename" "SAdd" "SRem" "SPop" "SMove" "ZAdd" "ZAddNX" "ZIncrBy" "ZRem" "ZRemRangeByScore" "ZRemRangeByRank"
                "ZPopMin" "ZPopMax" "LPush" "RPush" "LPop" "RPop" "LRem" "LTrim" "LSet" "SetBit" "PFAdd"
                "Del" "Unlink" "GetDel"] @access.verb
       argument[1]: (string) @access.target
  (#type? @access.receiver "github.com/redis/go-redis.Cmdable")
  (#set! access.target "key")
  (#set! store.kind "cache")
  (#set! access.select "Get GetEx MGet HGet HGetAll HMGet HKeys HVals HLen HExists Exists TTL PTTL Type SMembers SIsMember SCard SRandMember ZRange ZRangeByScore ZRevRange ZRangeWithScores ZRevRangeWithScores ZScore ZCard ZCount ZRank ZRevRank LRange LLen LIndex GetBit BitCount StrLen XRange XLen PFCount")
  (#set! access.update "Set SetEx SetEX SetNX SetXX GetSet MSet Append HSet HMSet HSetNX HIncrBy HIncrByFloat HDel Incr IncrBy IncrByFloat Decr DecrBy Expire ExpireAt PExpire Persist Rename SAdd SRem SPop SMove ZAdd ZAddNX ZIncrBy ZRem ZRemRangeByScore ZRemRangeByRank ZPopMin ZPopMax LPush RPush LPop RPop LRem LTrim LSet SetBit PFAdd")
  (#set! access.delete "Del Unlink GetDel")) @access)

; Keys by a pattern, and the first key that a script is given: what it does with it the script says.
((call receiver: (_) @access.receiver method: "Keys" argument[1]: (string) @access.target
  (#type? @access.receiver "github.com/redis/go-redis.Cmdable")
  (#set! access.target "key") (#set! store.kind "cache") (#set! operation "select")) @access)
((call receiver: (_) @access.receiver method: ["Scan" "ScanType"] argument[2]: (string) @access.target
  (#type? @access.receiver "github.com/redis/go-redis.Cmdable")
  (#set! access.target "key") (#set! store.kind "cache") (#set! operation "select")) @access)
((call receiver: (_) @access.receiver method: ["Eval" "EvalSha" "EvalRO"] argument[2]: (sequence item[0]: (string) @access.target)
  (#type? @access.receiver "github.com/redis/go-redis.Cmdable")
  (#set! access.target "key") (#set! store.kind "cache") (#set! operation "update") (#set! access.confidence "likely")) @access)

; github.com/go-redis/cache: values kept under keys.
(stub "github.com/go-redis/cache.New" returns: "github.com/go-redis/cache.Cache")
((call receiver: (_) @access.receiver method: ["Get" "GetSkippingLocalCache" "Exists" "Delete"] @access.verb argument[1]: (string) @access.target
  (#type? @access.receiver "github.com/go-redis/cache.Cache")
  (#set! access.target "key") (#set! store.kind "cache")
  (#set! access.select "Get GetSkippingLocalCache Exists") (#set! access.delete "Delete")) @access)
((call receiver: (_) @access.receiver method: ["Set" "Once"] @access.verb
       argument[0]: (construct field[Key]: (string) @access.target)
  (#type? @access.receiver "github.com/go-redis/cache.Cache")
  (#set! access.target "key") (#set! store.kind "cache")
  (#set! access.update "Set Once") (#set! access.reads "Once")) @access)

; Publish and subscribe; streams.
((call receiver: (_) @_client method: ["Publish" "SPublish"] argument[1]: (string) @message.topic
  (#type? @_client "github.com/redis/go-redis.Cmdable")
  (#set! message.broker "redis")) @message.publish)
((call receiver: (_) @_client method: ["Subscribe" "PSubscribe" "SSubscribe"] argument[1]: (string) @message.topic
  (#type? @_client "github.com/redis/go-redis.Cmdable")
  (#set! message.broker "redis")) @message.subscribe)
((construct of: (_) @_of field[Stream]: (string) @message.topic
  (#is? @_of "github.com/redis/go-redis.XAddArgs" "github.com/go-redis/redis.XAddArgs")
  (#set! message.broker "redis")) @message.publish)
((construct of: (_) @_of field[Streams]: (sequence item[0]: (string) @message.topic)
  (#is? @_of "github.com/redis/go-redis.XReadGroupArgs" "github.com/redis/go-redis.XReadArgs"
             "github.com/go-redis/redis.XReadGroupArgs" "github.com/go-redis/redis.XReadArgs")
  (#set! message.broker "redis")) @message.subscribe)
