; Flask 1.x to 3.x: route and verb decorators, add_url_rule, blueprints (nested), MethodView, Flask-RESTful and
; Flask-RESTX resources and namespaces, classes that a blueprint routes (Flask-Smorest); Quart, APIFlask, Flask-OpenAPI3. Known misses: converters of a project's own.

((definition attribute: (call receiver: (_) @endpoint.router method: "route"
     [argument[0]: (string) @endpoint.route keyword[rule]: (string) @endpoint.route]
     keyword[methods]: [(sequence item[*]: (text) @endpoint.method) [(name) (member)] @endpoint.method])) @endpoint
  (#type? @endpoint.router "flask.Flask" "flask.Blueprint")
  (#set! endpoint.method "GET"))
((definition attribute: (call receiver: (_) @endpoint.router method: "route"
     [argument[0]: (string) @endpoint.route keyword[rule]: (string) @endpoint.route])) @endpoint
  (#type? @endpoint.router "flask.Flask" "flask.Blueprint")
  (#set! endpoint.method "GET"))
((definition attribute: (call receiver: (_) @endpoint.router method: ["get" "post" "put" "delete" "patch"] @endpoint.method
     argument[0]: (string) @endpoint.route)) @endpoint
  (#type? @endpoint.router "flask.Flask" "flask.Blueprint")
  (#set! endpoint.methods "get=GET post=POST put=PUT delete=DELETE patch=PATCH"))

; A decorator that is called by hand: `app.route("/orders")(show)`.
((call callee: (call receiver: (_) @endpoint.router method: "route" argument[0]: (string) @endpoint.route
     keyword[methods]: [(sequence item[*]: (text) @endpoint.method) [(name) (member)] @endpoint.method]) argument[0]: (_) @endpoint.handler) @endpoint
  (#type? @endpoint.router "flask.Flask" "flask.Blueprint")
  (#set! endpoint.method "GET"))
((call callee: (call receiver: (_) @endpoint.router method: "route" argument[0]: (string) @endpoint.route) argument[0]: (_) @endpoint.handler) @endpoint
  (#type? @endpoint.router "flask.Flask" "flask.Blueprint")
  (#set! endpoint.method "GET"))
((call receiver: (_) @endpoint.router method: "add_url_rule" [argument[0]: (string) @endpoint.route keyword[rule]: (string) @endpoint.route]
   [argument[2]: (call receiver: (_) @endpoint.handler method: "as_view")
    keyword[view_func]: (call receiver: (_) @endpoint.handler method: "as_view")]) @endpoint
  (#type? @endpoint.router "flask.Flask" "flask.Blueprint")
  (#set! endpoint.handler "methods"))
((call receiver: (_) @endpoint.router method: "add_url_rule" [argument[0]: (string) @endpoint.route keyword[rule]: (string) @endpoint.route]
   [argument[2]: [(name) (member) (index)] @endpoint.handler keyword[view_func]: [(name) (member) (index)] @endpoint.handler]
   keyword[methods]: [(sequence item[*]: (text) @endpoint.method) [(name) (member)] @endpoint.method]) @endpoint
  (#type? @endpoint.router "flask.Flask" "flask.Blueprint")
  (#set! endpoint.method "GET"))
((call receiver: (_) @endpoint.router method: "add_url_rule" [argument[0]: (string) @endpoint.route keyword[rule]: (string) @endpoint.route]
   [argument[2]: [(name) (member) (index)] @endpoint.handler keyword[view_func]: [(name) (member) (index)] @endpoint.handler]) @endpoint
  (#type? @endpoint.router "flask.Flask" "flask.Blueprint")
  (#set! endpoint.method "GET"))

((call callee: (_) @_new keyword[url_prefix]: (string) @endpoint.prefix) @endpoint.group
  (#is? @_new "flask.Blueprint") (#set! endpoint.part))
((call callee: (_) @_new) @endpoint.group
  (#is? @_new "flask.Blueprint") (#set! endpoint.part))
((call callee: (_) @_new) @endpoint.group
  (#is? @_new "flask.Flask" "flask_restful.Api" "flask_restx.Api" "flask_restx.Namespace"))
((call receiver: (_) @endpoint.router method: "register_blueprint" argument[0]: (_) @endpoint.handler
   keyword[url_prefix]: (string) @endpoint.prefix) @endpoint.mount
  (#type? @endpoint.router "flask.Flask" "flask.Blueprint") (#set! endpoint.replaces))
((call receiver: (_) @endpoint.router method: "register_blueprint" argument[0]: (_) @endpoint.handler) @endpoint.mount
  (#type? @endpoint.router "flask.Flask" "flask.Blueprint"))
; The same where it is only run later on: `partial(app.register_blueprint, api, url_prefix="/api")`.
((call callee: (_) @_partial argument[0]: (member base: (_) @endpoint.router name: "register_blueprint") argument[1]: (_) @endpoint.handler
   keyword[url_prefix]: (string) @endpoint.prefix) @endpoint.mount
  (#is? @_partial "functools.partial") (#type? @endpoint.router "flask.Flask" "flask.Blueprint") (#set! endpoint.replaces))
((call callee: (_) @_partial argument[0]: (member base: (_) @endpoint.router name: "register_blueprint") argument[1]: (_) @endpoint.handler) @endpoint.mount
  (#is? @_partial "functools.partial") (#type? @endpoint.router "flask.Flask" "flask.Blueprint"))

; Flask-RESTful, Flask-RESTX
((call receiver: (_) @endpoint.router method: "add_resource" argument[0]: (_) @endpoint.handler argument[*]: (text) @endpoint.route) @endpoint
  (#type? @endpoint.router "flask_restful.Api" "flask_restx.Api" "flask_restx.Namespace")
  (#set! endpoint.handler "methods"))
; Own registering methods of an Api subclass (`add_org_resource`) take the same: a resource and its routes.
((call receiver: (_) @endpoint.router method: _ @_method argument[0]: (_) @endpoint.handler argument[*]: (text) @endpoint.route) @endpoint
  (#type? @endpoint.router "flask_restful.Api" "flask_restx.Api" "flask_restx.Namespace") (#is? @endpoint.handler "flask_restful.Resource" "flask_restx.Resource")
  (#match? @_method "^add_.+_resource$")
  (#set! endpoint.handler "methods"))
((definition kind: "type" attribute: (call receiver: (_) @endpoint.router method: "route" argument[*]: (text) @endpoint.route)) @endpoint
  (#type? @endpoint.router "flask_restx.Api" "flask_restx.Namespace")
  (#set! endpoint.handler "methods"))
((call callee: (_) @_new keyword[prefix]: (string) @endpoint.prefix) @endpoint.group
  (#is? @_new "flask_restful.Api" "flask_restx.Api"))
((call callee: (_) @_new argument[0]: (_) @endpoint.router) @endpoint.group
  (#is? @_new "flask_restful.Api" "flask_restx.Api"))
; A namespace stands under its name, or where it or its mount says.
((call callee: (_) @_new [keyword[path]: (string) @endpoint.prefix argument[0]: (string) @endpoint.prefix]) @endpoint.group
  (#is? @_new "flask_restx.Namespace"))
((call receiver: (_) @endpoint.router method: "namespace" [keyword[path]: (string) @endpoint.prefix argument[0]: (string) @endpoint.prefix]) @endpoint.group
  (#type? @endpoint.router "flask_restx.Api"))
((call receiver: (_) @endpoint.router method: "add_namespace" argument[0]: (_) @endpoint.handler
   [argument[1]: (string) @endpoint.prefix keyword[path]: (string) @endpoint.prefix]) @endpoint.mount
  (#type? @endpoint.router "flask_restx.Api") (#set! endpoint.replaces))
((call receiver: (_) @endpoint.router method: "add_namespace" argument[0]: (_) @endpoint.handler) @endpoint.mount
  (#type? @endpoint.router "flask_restx.Api"))
((call receiver: (_) @endpoint.router method: "register_blueprint" argument[0]: (_) @endpoint.handler) @endpoint.mount
  (#type? @endpoint.router "flask_smorest.Api"))

; What the program sets on its application it finds there again by way of `current_app`.
(stub ["flask.current_app" "flask.globals.current_app" "quart.current_app" "quart.globals.current_app"] same: "flask.Flask")
; These hand on what they are given, as the application and `g` do with what the program puts there.
(stub ["flask.stream_with_context" "flask.helpers.stream_with_context" "flask.after_this_request" "flask.copy_current_request_context"
       "quart.stream_with_context" "quart.after_this_request" "quart.copy_current_app_context"] returns: argument[0])
(stub ["flask.app.Flask" "flask_openapi3.OpenAPI" "quart.Quart" "quart.app.Quart" "apiflask.APIFlask" "apiflask.app.APIFlask"] same: "flask.Flask")
(stub ["flask.blueprints.Blueprint" "flask_smorest.Blueprint" "flask_openapi3.APIBlueprint" "quart.Blueprint" "quart.blueprints.Blueprint" "apiflask.APIBlueprint"] same: "flask.Blueprint")
(stub ["flask_restx.Api.namespace" "flask_restplus.Api.namespace"] returns: "flask_restx.Namespace")
(stub "flask_restplus.Namespace" same: "flask_restx.Namespace")
(stub "flask_restplus.Api" same: "flask_restx.Api")
(stub "flask_restplus.Resource" same: "flask_restx.Resource")

; Who is logged in is whom the registered loader finds, or a row of the type that a user store is made with.
((definition attribute: (member base: (_) @_manager name: ["user_loader" "request_loader"])) @provides
  (#type? @_manager "flask_login.LoginManager") (#set! provides.name "flask_login.current_user flask_security.current_user"))
((call receiver: (_) @_manager method: ["user_loader" "request_loader"] argument[0]: (_) @provides)
  (#type? @_manager "flask_login.LoginManager") (#set! provides.name "flask_login.current_user flask_security.current_user"))
((call callee: (_) @_store [argument[1]: (_) @provides keyword[user_model]: (_) @provides])
  (#is? @_store "flask_security.SQLAlchemyUserDatastore" "flask_security.SQLAlchemySessionUserDatastore" "flask_security.MongoEngineUserDatastore" "flask_security.PeeweeUserDatastore")
  (#set! provides.name "flask_login.current_user flask_security.current_user"))
(stub "flask_login.utils.current_user" same: "flask_login.current_user")
(stub ["flask_login.current_user._get_current_object" "flask_security.current_user._get_current_object"] returns: self)

; Views that need a route: one that none was seen for is a blind spot.
((definition kind: "type" member[*]: (definition kind: "method" name: ["get" "post" "put" "patch" "delete"])) @endpoint.view
  (#is? @endpoint.view "flask.views.MethodView" "flask_restful.Resource" "flask_restx.Resource"))
