; Django REST framework: routers with view sets (their standard actions and @action), class-based API views by as_view (see django).
; Known misses: nested routers, lookups other than pk, actions of mixins outside the project count by their names only.

((call receiver: (_) @endpoint.router method: "register" argument[0]: (string) @endpoint.route argument[1]: (_) @endpoint.handler) @endpoint
  (#type? @endpoint.router "rest_framework.routers.BaseRouter")
  (#set! endpoint.handler "methods")
  (#set! endpoint.methods "list=GET create=POST retrieve=GET/{pk} update=PUT/{pk} partial_update=PATCH/{pk} destroy=DELETE/{pk}"))
((call receiver: (_) @endpoint.router method: "register" keyword[prefix]: (string) @endpoint.route keyword[viewset]: (_) @endpoint.handler) @endpoint
  (#type? @endpoint.router "rest_framework.routers.BaseRouter")
  (#set! endpoint.handler "methods")
  (#set! endpoint.methods "list=GET create=POST retrieve=GET/{pk} update=PUT/{pk} partial_update=PATCH/{pk} destroy=DELETE/{pk}"))
((call callee: (_) @_new) @endpoint.group
  (#is? @_new "rest_framework.routers.BaseRouter"))
(stub ["rest_framework.routers.DefaultRouter" "rest_framework.routers.SimpleRouter"] extends: "rest_framework.routers.BaseRouter")
(stub "rest_framework.routers.BaseRouter.urls" is: "rest_framework.routers.BaseRouter")
(stub ["rest_framework.viewsets.GenericViewSet.get_queryset" "rest_framework.generics.GenericAPIView.get_queryset"] returns: "django.db.models.QuerySet")
