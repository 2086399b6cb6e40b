; Sanic: route and verb decorators, add_route, blueprints with groups, HTTPMethodView. Known misses: versions of routes (`version=1`).

((definition attribute: (call receiver: (_) @endpoint.router method: "route"
     [argument[0]: (string) @endpoint.route keyword[uri]: (string) @endpoint.route]
     keyword[methods]: [(sequence item[*]: (text) @endpoint.method) [(name) (member)] @endpoint.method])) @endpoint
  (#type? @endpoint.router "sanic.Sanic" "sanic.Blueprint")
  (#set! endpoint.method "GET"))
((definition attribute: (call receiver: (_) @endpoint.router method: "route"
     [argument[0]: (string) @endpoint.route keyword[uri]: (string) @endpoint.route])) @endpoint
  (#type? @endpoint.router "sanic.Sanic" "sanic.Blueprint")
  (#set! endpoint.method "GET"))
((definition attribute: (call receiver: (_) @endpoint.router method: ["get" "post" "put" "delete" "patch" "head" "options"] @endpoint.method
     [argument[0]: (string) @endpoint.route keyword[uri]: (string) @endpoint.route])) @endpoint
  (#type? @endpoint.router "sanic.Sanic" "sanic.Blueprint")
  (#set! endpoint.methods "get=GET post=POST put=PUT delete=DELETE patch=PATCH head=HEAD options=OPTIONS"))
((call receiver: (_) @endpoint.router method: "add_route" [argument[0]: (call receiver: (_) @endpoint.handler method: "as_view")
    keyword[handler]: (call receiver: (_) @endpoint.handler method: "as_view")]
   [argument[1]: (string) @endpoint.route keyword[uri]: (string) @endpoint.route]) @endpoint
  (#type? @endpoint.router "sanic.Sanic" "sanic.Blueprint")
  (#set! endpoint.handler "methods"))
((call receiver: (_) @endpoint.router method: "add_route" [argument[0]: [(name) (member)] @endpoint.handler keyword[handler]: [(name) (member)] @endpoint.handler]
   [argument[1]: (string) @endpoint.route keyword[uri]: (string) @endpoint.route]
   keyword[methods]: [(sequence item[*]: (text) @endpoint.method) [(name) (member)] @endpoint.method]) @endpoint
  (#type? @endpoint.router "sanic.Sanic" "sanic.Blueprint")
  (#set! endpoint.method "GET"))
((call receiver: (_) @endpoint.router method: "add_route" [argument[0]: [(name) (member)] @endpoint.handler keyword[handler]: [(name) (member)] @endpoint.handler]
   [argument[1]: (string) @endpoint.route keyword[uri]: (string) @endpoint.route]) @endpoint
  (#type? @endpoint.router "sanic.Sanic" "sanic.Blueprint")
  (#set! endpoint.method "GET"))
((call callee: (_) @_new keyword[url_prefix]: (string) @endpoint.prefix) @endpoint.group
  (#is? @_new "sanic.Blueprint"))
((call callee: (_) @_new) @endpoint.group
  (#is? @_new "sanic.Sanic" "sanic.Blueprint"))
((call receiver: (_) @endpoint.router method: ["blueprint" "register_blueprint"] argument[0]: (_) @endpoint.handler
   keyword[url_prefix]: (string) @endpoint.prefix) @endpoint.mount
  (#type? @endpoint.router "sanic.Sanic"))
((call receiver: (_) @endpoint.router method: ["blueprint" "register_blueprint"] argument[0]: (_) @endpoint.handler) @endpoint.mount
  (#type? @endpoint.router "sanic.Sanic"))
(stub "sanic.app.Sanic" same: "sanic.Sanic")
(stub "sanic.blueprints.Blueprint" same: "sanic.Blueprint")

; Views that need a route: one that none was seen for is a blind spot.
((definition kind: "type" member[*]: (definition kind: "method" name: ["get" "post" "put" "patch" "delete"])) @endpoint.view
  (#is? @endpoint.view "sanic.views.HTTPMethodView"))
