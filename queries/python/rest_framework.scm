; Django REST framework: routers with view sets (their standard actions and @action), class-based API views by as_view (see django).
; Known misses: nested routers, lookups other than pk, routers of other packages.

((call receiver: (_) @endpoint.router method: "register" argument[0]: (string) @endpoint.route argument[1]: (_) @endpoint.handler) @endpoint
  (#type? @endpoint.router "rest_framework.routers.BaseRouter")
  (#not-is? @endpoint.handler "rest_framework.viewsets.ModelViewSet" "rest_framework.viewsets.ReadOnlyModelViewSet")
  (#set! endpoint.handler "methods") (#set! endpoint.actions "rest_framework.decorators.action")
  (#set! endpoint.methods "list=GET create=POST retrieve=GET/{pk} update=PUT/{pk} partial_update=PATCH/{pk} destroy=DELETE/{pk}"))
((call receiver: (_) @endpoint.router method: "register" keyword[prefix]: (string) @endpoint.route keyword[viewset]: (_) @endpoint.handler) @endpoint
  (#type? @endpoint.router "rest_framework.routers.BaseRouter")
  (#not-is? @endpoint.handler "rest_framework.viewsets.ModelViewSet" "rest_framework.viewsets.ReadOnlyModelViewSet")
  (#set! endpoint.handler "methods") (#set! endpoint.actions "rest_framework.decorators.action")
  (#set! endpoint.methods "list=GET create=POST retrieve=GET/{pk} update=PUT/{pk} partial_update=PATCH/{pk} destroy=DELETE/{pk}"))
; Model view sets answer all actions, those of their own among them.
((call receiver: (_) @endpoint.router method: "register" [argument[0]: (string) @endpoint.route keyword[prefix]: (string) @endpoint.route] [argument[1]: (_) @endpoint.handler keyword[viewset]: (_) @endpoint.handler]) @endpoint
  (#type? @endpoint.router "rest_framework.routers.BaseRouter") (#is? @endpoint.handler "rest_framework.viewsets.ModelViewSet")
  (#set! endpoint.handler "methods") (#set! endpoint.inherited "true") (#set! endpoint.actions "rest_framework.decorators.action")
  (#set! endpoint.methods "list=GET create=POST retrieve=GET/{pk} update=PUT/{pk} partial_update=PATCH/{pk} destroy=DELETE/{pk}"))
((call receiver: (_) @endpoint.router method: "register" [argument[0]: (string) @endpoint.route keyword[prefix]: (string) @endpoint.route] [argument[1]: (_) @endpoint.handler keyword[viewset]: (_) @endpoint.handler]) @endpoint
  (#type? @endpoint.router "rest_framework.routers.BaseRouter") (#is? @endpoint.handler "rest_framework.viewsets.ReadOnlyModelViewSet")
  (#set! endpoint.handler "methods") (#set! endpoint.inherited "true") (#set! endpoint.actions "rest_framework.decorators.action")
  (#set! endpoint.methods "list=GET retrieve=GET/{pk}"))
((call callee: (_) @_new) @endpoint.group
  (#is? @_new "rest_framework.routers.BaseRouter"))
(stub ["rest_framework.routers.DefaultRouter" "rest_framework.routers.SimpleRouter"] extends: "rest_framework.routers.BaseRouter")
(stub "rest_framework.routers.BaseRouter.urls" is: "rest_framework.routers.BaseRouter")

; Generic views are about their query set, serializers about their model.
(stub "rest_framework.generics.GenericAPIView.get_queryset" returns: "django.db.models.QuerySet" of: ["queryset"])
(stub "rest_framework.generics.GenericAPIView.filter_queryset" returns: argument[0])
(stub "rest_framework.generics.GenericAPIView.paginate_queryset" returns: argument[0])
(stub "rest_framework.generics.GenericAPIView.get_object" returns: subject of: ["get_queryset" "queryset"])
(stub "rest_framework.serializers.ModelSerializer.save" returns: subject of: ["Meta.model"])
(stub ["rest_framework.viewsets.GenericViewSet" "rest_framework.viewsets.ModelViewSet" "rest_framework.viewsets.ReadOnlyModelViewSet"
       "rest_framework.generics.ListAPIView" "rest_framework.generics.CreateAPIView" "rest_framework.generics.RetrieveAPIView" "rest_framework.generics.UpdateAPIView"
       "rest_framework.generics.DestroyAPIView" "rest_framework.generics.ListCreateAPIView" "rest_framework.generics.RetrieveUpdateAPIView"
       "rest_framework.generics.RetrieveDestroyAPIView" "rest_framework.generics.RetrieveUpdateDestroyAPIView"] extends: "rest_framework.generics.GenericAPIView")
(stub ["rest_framework.generics.GenericAPIView" "rest_framework.viewsets.ViewSet"] extends: "rest_framework.views.APIView")
(stub "rest_framework.serializers.HyperlinkedModelSerializer" extends: "rest_framework.serializers.ModelSerializer")
((call receiver: (_) @_view method: "get_object") @access @access.target
  (#type? @_view "rest_framework.generics.GenericAPIView")
  (#set! operation "select") (#set! access.confidence "likely"))
((call receiver: (_) @_serializer method: "save") @access @access.target
  (#type? @_serializer "rest_framework.serializers.ModelSerializer")
  (#set! operation "upsert") (#set! access.confidence "likely"))
