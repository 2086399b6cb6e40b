; Calls to other services: requests, httpx, urllib, urllib3, grpc channels. Known misses: addresses built far away stay unknown.

((call callee: (_) @_call [argument[0]: (string) @remote.address keyword[url]: (string) @remote.address]) @remote
  (#is? @_call "requests.get" "requests.post" "requests.put" "requests.delete" "requests.patch" "requests.head" "requests.options"
               "httpx.get" "httpx.post" "httpx.put" "httpx.delete" "httpx.patch" "httpx.head" "httpx.options"
               "urllib.request.urlopen" "urllib2.urlopen")
  (#set! remote.kind "http"))
((call callee: (_) @_call argument[1]: (string) @remote.address) @remote
  (#is? @_call "requests.request" "httpx.request" "httpx.stream")
  (#set! remote.kind "http"))
((call receiver: (_) @_client method: ["get" "post" "put" "delete" "patch" "head" "options"]
   [argument[0]: (string) @remote.address keyword[url]: (string) @remote.address]) @remote
  (#type? @_client "requests.Session" "httpx.Client" "httpx.AsyncClient")
  (#set! remote.kind "http"))
((call receiver: (_) @_client method: ["request" "stream"] argument[1]: (string) @remote.address) @remote
  (#type? @_client "requests.Session" "httpx.Client" "httpx.AsyncClient" "urllib3.PoolManager")
  (#set! remote.kind "http"))
((call callee: (_) @_channel argument[0]: (string) @remote.address) @remote
  (#is? @_channel "grpc.insecure_channel" "grpc.secure_channel" "grpc.aio.insecure_channel" "grpc.aio.secure_channel")
  (#set! remote.kind "grpc"))

(stub ["requests.session" "requests.sessions.Session"] returns: "requests.Session")
(stub "requests.sessions.Session" same: "requests.Session")
