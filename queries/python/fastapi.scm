; FastAPI (all versions): decorated functions, add_api_route, web sockets, routers with prefixes, include_router,
; mounted applications, Depends in defaults and in Annotated, background tasks.
; Known misses: routes added in loops; prefixes read from settings stay holes.

((definition attribute: (call receiver: (_) @endpoint.router
     method: ["get" "post" "put" "delete" "patch" "options" "head" "trace"] @endpoint.method
     [argument[0]: (string) @endpoint.route keyword[path]: (string) @endpoint.route])) @endpoint
  (#type? @endpoint.router "fastapi.FastAPI" "fastapi.APIRouter")
  (#set! endpoint.methods "get=GET post=POST put=PUT delete=DELETE patch=PATCH options=OPTIONS head=HEAD trace=TRACE") (#set! endpoint.joined))

((definition attribute: (call receiver: (_) @endpoint.router method: ["websocket" "websocket_route"]
     [argument[0]: (string) @endpoint.route keyword[path]: (string) @endpoint.route])) @endpoint
  (#type? @endpoint.router "fastapi.FastAPI" "fastapi.APIRouter")
  (#set! endpoint.method "WS"))

((definition attribute: (call receiver: (_) @endpoint.router method: ["api_route" "route"]
     [argument[0]: (string) @endpoint.route keyword[path]: (string) @endpoint.route]
     keyword[methods]: [(sequence item[*]: (text) @endpoint.method) [(name) (member)] @endpoint.method])) @endpoint
  (#type? @endpoint.router "fastapi.FastAPI" "fastapi.APIRouter")
  (#set! endpoint.method "GET"))

((call receiver: (_) @endpoint.router method: ["add_api_route" "add_route"]
   argument[0]: (string) @endpoint.route
   [argument[1]: (_) @endpoint.handler keyword[endpoint]: (_) @endpoint.handler]
   keyword[methods]: [(sequence item[*]: (text) @endpoint.method) [(name) (member)] @endpoint.method]) @endpoint
  (#type? @endpoint.router "fastapi.FastAPI" "fastapi.APIRouter")
  (#set! endpoint.method "GET"))

((call callee: (_) @_new keyword[prefix]: (string) @endpoint.prefix) @endpoint.group
  (#is? @_new "fastapi.APIRouter") (#set! endpoint.part))
((call callee: (_) @_new) @endpoint.group
  (#is? @_new "fastapi.APIRouter") (#set! endpoint.part))
((call callee: (_) @_new) @endpoint.group
  (#is? @_new "fastapi.FastAPI"))

((call receiver: (_) @endpoint.router method: "include_router"
   [argument[0]: (_) @endpoint.handler keyword[router]: (_) @endpoint.handler]
   keyword[prefix]: (string) @endpoint.prefix) @endpoint.mount
  (#type? @endpoint.router "fastapi.FastAPI" "fastapi.APIRouter"))
((call receiver: (_) @endpoint.router method: "include_router"
   [argument[0]: (_) @endpoint.handler keyword[router]: (_) @endpoint.handler]) @endpoint.mount
  (#type? @endpoint.router "fastapi.FastAPI" "fastapi.APIRouter"))
((call receiver: (_) @endpoint.router method: "mount"
   argument[0]: (string) @endpoint.prefix argument[1]: (_) @endpoint.handler) @endpoint.mount
  (#type? @endpoint.router "fastapi.FastAPI" "fastapi.APIRouter"))

; Dependencies: the framework calls the function and hands its result in.
(stub ["fastapi.Depends" "fastapi.Security" "fastapi.param_functions.Depends" "fastapi.params.Depends"] returns: call[0])
((call callee: (_) @_depends [argument[0]: (_) keyword[dependency]: (_)]) @call
  (#is? @_depends "fastapi.Depends" "fastapi.Security" "fastapi.param_functions.Depends")
  (#set! call.runs "argument[0]"))
((call receiver: (_) @_tasks method: "add_task" argument[0]: (_)) @call
  (#type? @_tasks "fastapi.BackgroundTasks" "starlette.background.BackgroundTasks")
  (#set! call.runs "argument[0]"))

(stub ["fastapi.applications.FastAPI"] same: "fastapi.FastAPI")
(stub ["fastapi.routing.APIRouter"] same: "fastapi.APIRouter")
(stub ["fastapi.background.BackgroundTasks"] same: "fastapi.BackgroundTasks")
(stub ["fastapi.Request.app" "fastapi.WebSocket.app"] is: "fastapi.FastAPI")
(stub ["fastapi.requests.Request" "starlette.requests.Request"] same: "fastapi.Request")
