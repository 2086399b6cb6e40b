; github.com/beego/beego/v2/server/web, github.com/beego/beego and github.com/astaxie/beego: routes to controllers, with a
; text that maps methods to theirs or by the names `Get`, `Post`, .., and routes to functions.
; Known misses: namespaces, routes in comments (`@router`), automatic routers.

((call callee: (_) @_f argument[0]: (string) @endpoint.route argument[1]: (_) @endpoint.handler
  (#is? @_f "github.com/beego/beego/server/web.Router" "github.com/beego/beego.Router" "github.com/astaxie/beego.Router")
  (#set! endpoint.handler "methods")
  (#set! endpoint.methods "Get=GET Post=POST Put=PUT Delete=DELETE Patch=PATCH Head=HEAD Options=OPTIONS")) @endpoint)
((call callee: (_) @_f argument[0]: (string) @endpoint.route argument[1]: (_) @endpoint.handler argument[2]: (_) @endpoint.map
  (#is? @_f "github.com/beego/beego/server/web.Router" "github.com/beego/beego.Router" "github.com/astaxie/beego.Router")
  (#set! endpoint.handler "methods")) @endpoint)
((call receiver: (_) @_web method: ["Get" "Post" "Put" "Delete" "Patch" "Head" "Options" "Any"] @endpoint.method
       argument[0]: (string) @endpoint.route argument[1]: (_) @endpoint.handler
  (#is? @_web "github.com/beego/beego/server/web" "github.com/beego/beego" "github.com/astaxie/beego")) @endpoint)
