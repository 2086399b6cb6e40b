; Django REST framework: routers with view sets (their standard actions and @action), class-based API views by as_view (see django).
; Known misses: actions under decorators of the program's own, routers of packages other than drf-nested-routers and drf-extensions.

; Ready view sets and mixins bring actions along; the key of a route is called by the view set; `http_method_names` leaves methods out.
((call receiver: (_) @endpoint.router method: "register" [argument[0]: (string) @endpoint.route keyword[prefix]: (string) @endpoint.route] [argument[1]: (_) @endpoint.handler keyword[viewset]: (_) @endpoint.handler]) @endpoint
  (#type? @endpoint.router "rest_framework.routers.BaseRouter")
  (#set! endpoint.slash "trailing_slash")
  (#set! endpoint.handler "methods") (#set! endpoint.actions "rest_framework.decorators.action") (#set! endpoint.more "mapping")
  (#set! endpoint.key "pk lookup_url_kwarg lookup_field") (#set! endpoint.allowed "http_method_names")
  (#set! endpoint.brings "rest_framework.mixins.ListModelMixin=list rest_framework.mixins.CreateModelMixin=create"
     "rest_framework.mixins.RetrieveModelMixin=retrieve rest_framework.mixins.UpdateModelMixin=update,partial_update rest_framework.mixins.DestroyModelMixin=destroy"
     "rest_framework.viewsets.ReadOnlyModelViewSet=list,retrieve"
     "rest_framework.viewsets.ModelViewSet=list,create,retrieve,update,partial_update,destroy")
  (#set! endpoint.methods "list=GET create=POST retrieve=GET/{pk} update=PUT/{pk} partial_update=PATCH/{pk} destroy=DELETE/{pk}"))
((call callee: (_) @_new) @endpoint.group
  (#is? @_new "rest_framework.routers.BaseRouter"))
; Routers for what hangs below the rows of a view set (drf-nested-routers).
((call callee: (_) @_new argument[0]: (_) @endpoint.router argument[1]: (string) @endpoint.prefix keyword[lookup]: (string) @endpoint.lookup) @endpoint.group
  (#is? @_new "rest_framework_nested.routers.NestedSimpleRouter" "rest_framework_nested.routers.NestedDefaultRouter")
  (#set! endpoint.key "pk lookup_url_kwarg lookup_field"))
(stub ["rest_framework.routers.DefaultRouter" "rest_framework.routers.SimpleRouter"] extends: "rest_framework.routers.BaseRouter")
(stub ["rest_framework_nested.routers.SimpleRouter" "rest_framework_nested.routers.DefaultRouter" "rest_framework_nested.routers.NestedSimpleRouter"
       "rest_framework_nested.routers.NestedDefaultRouter"] extends: "rest_framework.routers.BaseRouter")
(stub "rest_framework.routers.BaseRouter.urls" is: "rest_framework.routers.BaseRouter")
(stub "rest_framework_extensions.routers.NestedRouterMixin" extends: "rest_framework.routers.BaseRouter")
; What such a router gives back for a view set holds what hangs below its rows.
(stub ["rest_framework_extensions.routers.ExtendedSimpleRouter" "rest_framework_extensions.routers.ExtendedDefaultRouter"] extends: "rest_framework_extensions.routers.NestedRouterMixin")
(stub "rest_framework_extensions.routers.NestedRegistryItem" extends: "rest_framework_extensions.routers.NestedRouterMixin")
(stub "rest_framework_extensions.routers.NestedRouterMixin.register" returns: "rest_framework_extensions.routers.NestedRegistryItem")
((call receiver: (_) @endpoint.router method: "register" [argument[0]: (string) @endpoint.prefix keyword[prefix]: (string) @endpoint.prefix]) @endpoint.group
  (#type? @endpoint.router "rest_framework_extensions.routers.NestedRouterMixin")
  (#set! endpoint.key "pk lookup_url_kwarg lookup_field"))
; A router that takes over what is registered on another one.
((call receiver: (member base: (_) @endpoint.router name: "registry") method: "extend" argument[0]: (member base: (_) @endpoint.handler name: "registry")) @endpoint.mount
  (#type? @endpoint.router "rest_framework.routers.BaseRouter") (#type? @endpoint.handler "rest_framework.routers.BaseRouter"))

(stub "(request)" is: "rest_framework.request.Request")
; Generic views are about their query set, serializers about their model.
(stub "rest_framework.generics.GenericAPIView.get_queryset" returns: "django.db.models.QuerySet" of: ["queryset"])
(stub "rest_framework.generics.GenericAPIView.filter_queryset" returns: argument[0])
(stub "rest_framework.generics.GenericAPIView.paginate_queryset" returns: list[0])
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
  (#set! operation "select") (#set! access.confidence "likely") (#set! access.foreign))
((call receiver: (_) @_serializer method: "save" @access.verb) @access @access.target
  (#type? @_serializer "rest_framework.serializers.ModelSerializer") (#set! access.recorded "save")
  (#set! operation "upsert") (#set! access.confidence "likely") (#set! access.foreign))
; It does so by its own steps.
((call receiver: (_) @_serializer method: "save") @call
  (#type? @_serializer "rest_framework.serializers.Serializer" "rest_framework.serializers.ModelSerializer") (#set! call.runs "receiver.create receiver.update"))
; A serializer's row, as a member, as what a field is worked out of, and as what its own steps are given.
(stub ["rest_framework.serializers.ModelSerializer.instance" "rest_framework.serializers.BaseSerializer.instance"] is: subject of: ["Meta.model"])
((definition kind: "type" member[Meta]: (definition member[model]: (definition value: (_) @parameter.type))
   member[*]: (definition kind: "field" value: (call callee: (_) @_field)) @parameter) @_serializer
  (#is? @_field "rest_framework.serializers.SerializerMethodField" "rest_framework.fields.SerializerMethodField") (#is? @_serializer "rest_framework.serializers.ModelSerializer")
  (#set! parameter.method "get_{field}") (#set! parameter.at "0"))
; What its methods call the row, those above it in the program as well.
((definition kind: "type" member[Meta]: (definition member[model]: (definition value: (_) @parameter.type))) @parameter
  (#is? @parameter "rest_framework.serializers.ModelSerializer") (#set! parameter.name "obj"))
((definition kind: "type" member[Meta]: (definition member[model]: (definition value: (_) @parameter.type))) @parameter
  (#is? @parameter "rest_framework.serializers.ModelSerializer") (#set! parameter.name "instance"))
((definition kind: "method" name: ["to_representation" "update"] inside: (definition kind: "type" member[Meta]: (definition member[model]: (definition value: (_) @parameter.type))) @_serializer) @parameter
  (#is? @_serializer "rest_framework.serializers.ModelSerializer") (#set! parameter.at "0"))
; Validation looks up what fields and validators of the class ask for.
((call receiver: (_) @_serializer method: "is_valid") @access
  (#type? @_serializer "rest_framework.serializers.Serializer" "rest_framework.serializers.ModelSerializer") (#set! operation "kept")
  (#set! access.fields "Meta.fields every=__all__ of=Meta.model but=Meta.read_only_fields"))
; A view's query runs with what it loads along.
((call receiver: (_) @_view method: ["get_object" "list" "retrieve" "update" "partial_update" "destroy"]) @access
  (#type? @_view "rest_framework.generics.GenericAPIView") (#set! operation "kept") (#set! access.keeper "get_queryset queryset") (#set! access.foreign))
; A serializer of many runs the query that it is given.
((call callee: (_) @_serializer argument[0]: (_) @access.receiver keyword[many]: (_) @_many) @access
  (#is? @_serializer "rest_framework.serializers.Serializer" "rest_framework.serializers.ModelSerializer") (#type? @access.receiver "django.db.models.QuerySet")
  (#not-eq? @_many "False") (#set! operation "select") (#set! access.confidence "likely"))
((call receiver: (_) @_view method: "get_serializer" argument[0]: (_) @access.receiver keyword[many]: (_) @_many) @access
  (#type? @_view "rest_framework.generics.GenericAPIView") (#type? @access.receiver "django.db.models.QuerySet")
  (#not-eq? @_many "False") (#set! operation "select") (#set! access.confidence "likely"))
; What is shown of rows: serializers inside, and relations that fields go through.
((member base: (_) @access.receiver name: "data") @access
  (#type? @access.receiver "rest_framework.serializers.ModelSerializer") (#set! operation "shown") (#set! access.given "instance data")
  (#set! access.shown "self Meta.fields Meta.model source to_representation every=__all__ without=Meta.exclude hidden=write_only")
  (#set! access.shows "rest_framework.serializers.StringRelatedField rest_framework.serializers.SlugRelatedField"
     "rest_framework.relations.StringRelatedField rest_framework.relations.SlugRelatedField"))
((call receiver: (_) @_serializer method: "to_representation") @access
  (#type? @_serializer "rest_framework.serializers.ModelSerializer") (#set! operation "shown") (#set! access.foreign)
  (#set! access.shown "self Meta.fields Meta.model source to_representation every=__all__ without=Meta.exclude hidden=write_only")
  (#set! access.shows "rest_framework.serializers.StringRelatedField rest_framework.serializers.SlugRelatedField"
     "rest_framework.relations.StringRelatedField rest_framework.relations.SlugRelatedField"))
((call receiver: (_) @_view method: ["list" "retrieve" "create" "update" "partial_update"]) @access
  (#type? @_view "rest_framework.generics.GenericAPIView") (#set! operation "shown") (#set! access.foreign)
  (#set! access.shown "serializer_class Meta.fields Meta.model source to_representation every=__all__ without=Meta.exclude hidden=write_only")
  (#set! access.shows "rest_framework.serializers.StringRelatedField rest_framework.serializers.SlugRelatedField"
     "rest_framework.relations.StringRelatedField rest_framework.relations.SlugRelatedField"))
; What a serializer's own method hands up makes or changes a row.
(stub ["rest_framework.serializers.ModelSerializer.create" "rest_framework.serializers.ModelSerializer.update"] returns: subject of: ["Meta.model"])
((call receiver: (_) @_serializer method: ["create" "update"] @access.verb) @access @access.target
  (#type? @_serializer "rest_framework.serializers.ModelSerializer")
  (#set! access.insert "create") (#set! access.update "update") (#set! access.fields "Meta.fields between every=__all__") (#set! access.confidence "likely") (#set! access.foreign))
(stub ["drf_writable_nested.serializers.WritableNestedModelSerializer" "drf_writable_nested.mixins.NestedCreateMixin" "drf_writable_nested.mixins.NestedUpdateMixin"
       "drf_writable_nested.serializers.NestedUpdateMixin" "drf_writable_nested.WritableNestedModelSerializer" "drf_writable_nested.NestedUpdateMixin" "drf_writable_nested.NestedCreateMixin"
       "rest_flex_fields.FlexFieldsModelSerializer" "rest_flex_fields.serializers.FlexFieldsModelSerializer" "rest_framework_gis.serializers.GeoModelSerializer"
       "rest_framework_gis.serializers.GeoFeatureModelSerializer" "taggit.serializers.TaggitSerializer"] extends: "rest_framework.serializers.ModelSerializer")
; The token of a request, and whose it is.
((call receiver: (_) @_authentication method: ["authenticate_credentials" "authenticate"]) @access @access.target
  (#type? @_authentication "rest_framework.authentication.TokenAuthentication")
  (#set! operation "select") (#set! access.confidence "likely") (#set! access.foreign))
(stub ["rest_framework.authentication.TokenAuthentication.authenticate_credentials" "rest_framework.authentication.TokenAuthentication.authenticate"]
  returns: "rest_framework.authentication.Credentials" of: ["model"])
; The serializer that a view makes is the one of its class, unless a method of the view's own chooses among several of different models.
(stub "rest_framework.generics.GenericAPIView.get_serializer" returns: subject of: ["get_serializer_class?Meta.model" "serializer_class"])
; What the ready views do when their own methods are called (`super().destroy(..)`, `self.list(..)`).
(stub ["rest_framework.generics.GenericAPIView.list" "rest_framework.generics.GenericAPIView.retrieve" "rest_framework.generics.GenericAPIView.update"
       "rest_framework.generics.GenericAPIView.partial_update" "rest_framework.generics.GenericAPIView.destroy" "rest_framework.generics.GenericAPIView.create"]
  returns: "rest_framework.response.Response" of: ["get_queryset" "queryset" "serializer_class.Meta.model"])
((call receiver: (_) @_view method: ["list" "retrieve"]) @access @access.target
  (#type? @_view "rest_framework.generics.GenericAPIView")
  (#set! operation "select") (#set! access.fields "serializer_class.Meta.fields every=__all__") (#set! access.confidence "likely") (#set! access.foreign))
((call receiver: (_) @_view method: ["update" "partial_update"] @access.verb) @access @access.target
  (#type? @_view "rest_framework.generics.GenericAPIView")
  (#set! access.update "update partial_update") (#set! access.reads "update partial_update") (#set! access.fields "serializer_class.Meta.fields every=__all__") (#set! access.confidence "likely") (#set! access.foreign))
((call receiver: (_) @_view method: "destroy" @access.verb) @access @access.target
  (#type? @_view "rest_framework.generics.GenericAPIView")
  (#set! access.delete "destroy") (#set! access.reads "destroy") (#set! access.confidence "likely") (#set! access.foreign) (#set! access.cascade "row")
  (#set! access.answers "delete") (#set! access.instead "save asave save_base update aupdate"))
((call receiver: (_) @_view method: "create") @access @access.target
  (#type? @_view "rest_framework.generics.GenericAPIView")
  (#set! operation "insert") (#set! access.fields "serializer_class.Meta.fields every=__all__") (#set! access.confidence "likely") (#set! access.foreign))
((call receiver: (_) @_view method: "paginate_queryset" argument[0]: (_) @access.receiver) @access
  (#type? @_view "rest_framework.generics.GenericAPIView" "rest_framework.pagination.*") (#type? @access.receiver "django.db.models.QuerySet")
  (#set! operation "select") (#set! access.confidence "likely"))
; The ready views answer a method by such a step.
(stub ["rest_framework.generics.GenericAPIView.get" "rest_framework.generics.GenericAPIView.put" "rest_framework.generics.GenericAPIView.patch"
       "rest_framework.generics.GenericAPIView.delete" "rest_framework.generics.GenericAPIView.post"]
  returns: "rest_framework.response.Response" of: ["get_queryset" "queryset" "serializer_class.Meta.model"])
((call receiver: (_) @_view method: ["get" "put" "patch" "delete"]) @access
  (#type? @_view "rest_framework.generics.GenericAPIView") (#set! operation "kept") (#set! access.keeper "get_queryset queryset") (#set! access.foreign))
((call receiver: (_) @_view method: ["get" "put" "patch" "post"]) @access
  (#type? @_view "rest_framework.generics.GenericAPIView") (#set! operation "shown") (#set! access.foreign)
  (#set! access.shown "serializer_class Meta.fields Meta.model source to_representation every=__all__ without=Meta.exclude hidden=write_only")
  (#set! access.shows "rest_framework.serializers.StringRelatedField rest_framework.serializers.SlugRelatedField"
     "rest_framework.relations.StringRelatedField rest_framework.relations.SlugRelatedField"))
((call receiver: (_) @_view method: "get") @access @access.target
  (#type? @_view "rest_framework.generics.GenericAPIView")
  (#set! operation "select") (#set! access.fields "serializer_class.Meta.fields every=__all__") (#set! access.confidence "likely") (#set! access.foreign))
((call receiver: (_) @_view method: ["put" "patch"] @access.verb) @access @access.target
  (#type? @_view "rest_framework.generics.GenericAPIView")
  (#set! operation "update") (#set! access.reads "*") (#set! access.fields "serializer_class.Meta.fields every=__all__") (#set! access.confidence "likely") (#set! access.foreign))
((call receiver: (_) @_view method: "delete" @access.verb) @access @access.target
  (#type? @_view "rest_framework.generics.GenericAPIView")
  (#set! operation "delete") (#set! access.reads "*") (#set! access.confidence "likely") (#set! access.foreign) (#set! access.cascade "row")
  (#set! access.answers "delete") (#set! access.instead "save asave save_base update aupdate"))
((call receiver: (_) @_view method: "post") @access @access.target
  (#type? @_view "rest_framework.generics.GenericAPIView")
  (#set! operation "insert") (#set! access.fields "serializer_class.Meta.fields every=__all__") (#set! access.confidence "likely") (#set! access.foreign))
; A view's own step in making or changing a row.
(stub ["rest_framework.generics.GenericAPIView.perform_create" "rest_framework.generics.GenericAPIView.perform_update"]
  returns: "rest_framework.response.Response" of: ["argument[0].Meta.model" "serializer_class.Meta.model" "get_queryset" "queryset"])
(stub "rest_framework.generics.GenericAPIView.perform_destroy" returns: "rest_framework.response.Response" of: ["get_queryset" "queryset"])
((call receiver: (_) @_view method: ["perform_create" "perform_update"] @access.verb) @access @access.target
  (#type? @_view "rest_framework.generics.GenericAPIView")
  (#set! access.insert "perform_create") (#set! access.update "perform_update") (#set! access.fields "serializer_class.Meta.fields every=__all__") (#set! access.confidence "likely") (#set! access.foreign))
((call receiver: (_) @_view method: "perform_destroy") @access @access.target
  (#type? @_view "rest_framework.generics.GenericAPIView")
  (#set! operation "delete") (#set! access.cascade "row") (#set! access.confidence "likely") (#set! access.foreign)
  (#set! access.answers "delete") (#set! access.instead "save asave save_base update aupdate"))
; The serializer that a view hands to its own method is that of its class.
((definition kind: "method" name: ["perform_create" "perform_update"] inside: (definition kind: "type" member[serializer_class]: (definition value: (_) @parameter.type)) @_view) @parameter
  (#is? @_view "rest_framework.generics.GenericAPIView") (#set! parameter.name "serializer"))
((definition kind: "method" name: ["perform_create" "perform_update"] inside: (definition kind: "type" member[get_serializer_class]: (definition kind: "method") @parameter.type) @_view) @parameter
  (#is? @_view "rest_framework.generics.GenericAPIView") (#set! parameter.name "serializer") (#set! parameter.agrees "Meta.model"))

; What a user may do with rows of a model stands in the permissions of the user and of its groups.
((call receiver: (_) @_permission method: ["has_permission" "has_object_permission"]) @access
  (#type? @_permission "rest_framework.permissions.DjangoModelPermissions")
  (#set! operation "select") (#set! access.store "auth_permission") (#set! access.confidence "likely") (#set! access.foreign))
((call receiver: (_) @_permission method: ["has_permission" "has_object_permission"]) @access
  (#type? @_permission "rest_framework.permissions.DjangoModelPermissions")
  (#set! operation "select") (#set! access.store "auth_group") (#set! access.confidence "likely") (#set! access.foreign))
((call receiver: (_) @_permission method: ["has_permission" "has_object_permission"]) @access
  (#type? @_permission "rest_framework.permissions.DjangoModelPermissions")
  (#set! operation "select") (#set! access.store "auth_group_permissions") (#set! access.confidence "likely") (#set! access.foreign))
((call receiver: (_) @_permission method: ["has_permission" "has_object_permission"]) @access
  (#type? @_permission "rest_framework.permissions.DjangoModelPermissions")
  (#set! operation "select") (#set! access.store "django_content_type") (#set! access.confidence "likely") (#set! access.foreign))
(stub ["rest_framework.permissions.DjangoObjectPermissions" "rest_framework.permissions.DjangoModelPermissionsOrAnonReadOnly"] extends: "rest_framework.permissions.DjangoModelPermissions")

; Views that need a route: one that none was seen for is a blind spot.
((definition kind: "type") @endpoint.view
  (#is? @endpoint.view "rest_framework.views.APIView"))

; Functions that answer to the methods they list.
((definition attribute: (call callee: (_) @_only argument[0]: (sequence item[*]: (text) @endpoint.method))) @endpoint.answers
  (#is? @_only "rest_framework.decorators.api_view"))
((definition attribute: (call callee: (_) @_only keyword[http_method_names]: (sequence item[*]: (text) @endpoint.method))) @endpoint.answers
  (#is? @_only "rest_framework.decorators.api_view"))
