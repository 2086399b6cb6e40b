; Routes 1.x and 2.x (`routes.Mapper`): resources and routes to the methods of controllers, also where a WSGI object holds the
; controller. Known misses: what a mapper's own `resource` puts before the routes, connect by rows of a table of its own shape,
; controllers by name (`controller="orders"`).

(stub "routes.mapper.Mapper" same: "routes.Mapper")
(stub "routes.Mapper.submapper" returns: "routes.Mapper")
(stub "routes.mapper.SubMapper" extends: "routes.Mapper")

; mapper.resource("order", "orders", controller=resource, member={"close": "POST"}): as Mapper.resource lays them out.
((call receiver: (_) @endpoint.router method: "resource" argument[1]: (string) @endpoint.route keyword[controller]: (_) @endpoint.handler) @endpoint
  (#type? @endpoint.router "routes.Mapper")
  (#set! endpoint.handler "inside")
  (#set! endpoint.methods "index=GET create=POST new=GET/new show=GET/{id} update=PUT/{id} delete=DELETE/{id} edit=GET/{id}/edit")
  (#set! endpoint.acts "collection:PUT,PATCH,DELETE,ANY member:PATCH={id} new=new")
  (#set! endpoint.above "path_prefix parent_resource=[collection_name]/{[member_name]_id}"))

; mapper.connect("name", "/orders/{id}", controller=resource, action="show", conditions={"method": ["GET"]})
((call receiver: (_) @endpoint.router method: "connect" argument[-1]: (string) @endpoint.route
   keyword[controller]: (_) @endpoint.handler keyword[action]: (string) @endpoint.action
   keyword[conditions]: [(mapping key[method]: (sequence item[*]: (text) @endpoint.method))
                         (call callee: (name "dict") keyword[method]: (sequence item[*]: (text) @endpoint.method))]) @endpoint
  (#type? @endpoint.router "routes.Mapper")
  (#set! endpoint.handler "inside"))
((call receiver: (_) @endpoint.router method: "connect" argument[-1]: (string) @endpoint.route
   keyword[controller]: (_) @endpoint.handler keyword[action]: (string) @endpoint.action) @endpoint
  (#type? @endpoint.router "routes.Mapper")
  (#set! endpoint.handler "inside"))

; with mapper.submapper(path_prefix="/admin") as admin: ..
((call receiver: (_) @endpoint.router method: "submapper" keyword[path_prefix]: (string) @endpoint.prefix) @endpoint.group
  (#type? @endpoint.router "routes.Mapper"))
