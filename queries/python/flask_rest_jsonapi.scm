; Flask-REST-JSONAPI 0.x, Flask-COMBO-JSONAPI, Flapison: resources with their routes; what a resource's base serves, narrowed by
; `methods`. Known misses: routes below a blueprint that only the call names, resources of bases put together at run time.

(stub ["flask_combo_jsonapi.Api" "flapison.Api" "flask_rest_jsonapi.api.Api" "flask_combo_jsonapi.api.Api"] same: "flask_rest_jsonapi.Api")
(stub ["flask_rest_jsonapi.resource.ResourceList" "flask_combo_jsonapi.ResourceList" "flask_combo_jsonapi.resource.ResourceList" "flapison.ResourceList"]
  same: "flask_rest_jsonapi.ResourceList")
(stub ["flask_rest_jsonapi.resource.ResourceDetail" "flask_combo_jsonapi.ResourceDetail" "flask_combo_jsonapi.resource.ResourceDetail" "flapison.ResourceDetail"]
  same: "flask_rest_jsonapi.ResourceDetail")
(stub ["flask_rest_jsonapi.resource.ResourceRelationship" "flask_combo_jsonapi.ResourceRelationship" "flask_combo_jsonapi.resource.ResourceRelationship" "flapison.ResourceRelationship"]
  same: "flask_rest_jsonapi.ResourceRelationship")

; api = Api(app, blueprint), Api(blueprint=blueprint), Api(app)
((call callee: (_) @_new) @endpoint.group
  (#is? @_new "flask_rest_jsonapi.Api"))
((call callee: (_) @_new [argument[1]: (_) @endpoint.router keyword[blueprint]: (_) @endpoint.router]) @endpoint.group
  (#is? @_new "flask_rest_jsonapi.Api"))
((call receiver: (_) @endpoint.handler method: "init_app" [argument[1]: (_) @endpoint.router keyword[blueprint]: (_) @endpoint.router]) @endpoint.mount
  (#type? @endpoint.handler "flask_rest_jsonapi.Api"))

; api.route(OrderDetail, "order_detail", "/orders/<int:id>", "/lines/<int:line_id>/order")
((call receiver: (_) @endpoint.router method: "route" argument[0]: (_) @endpoint.handler argument[1]: (_) argument[*]: (text) @endpoint.route) @endpoint
  (#type? @endpoint.router "flask_rest_jsonapi.Api")
  (#match? @endpoint.route "^/")
  (#set! endpoint.handler "methods")
  (#set! endpoint.methods "get=GET post=POST patch=PATCH delete=DELETE")
  (#set! endpoint.brings "flask_rest_jsonapi.ResourceList=get,post flask_rest_jsonapi.ResourceDetail=get,patch,delete flask_rest_jsonapi.ResourceRelationship=get,post,patch,delete")
  (#set! endpoint.allowed "methods"))
; A route that another expression gives.
((call receiver: (_) @endpoint.router method: "route" argument[0]: (_) @endpoint.handler argument[2]: (string) @endpoint.route) @endpoint
  (#type? @endpoint.router "flask_rest_jsonapi.Api")
  (#set! endpoint.handler "methods")
  (#set! endpoint.methods "get=GET post=POST patch=PATCH delete=DELETE")
  (#set! endpoint.brings "flask_rest_jsonapi.ResourceList=get,post flask_rest_jsonapi.ResourceDetail=get,patch,delete flask_rest_jsonapi.ResourceRelationship=get,post,patch,delete")
  (#set! endpoint.allowed "methods"))

; Resources that need a route.
((definition kind: "type") @endpoint.view
  (#is? @endpoint.view "flask_rest_jsonapi.ResourceList" "flask_rest_jsonapi.ResourceDetail" "flask_rest_jsonapi.ResourceRelationship"))
