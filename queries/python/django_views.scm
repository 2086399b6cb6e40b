; Django 2 to 5, class-based views: what a view does between the moment it is asked and its own steps, which a class that says
; `super().dispatch(..)` or `super().post(..)` starts. What these views are about stands in django.scm.
; Known misses: sets of forms, choices of fields that views hand to their forms.

; It validates its form, which looks up choices and what must be unique, and what has no step of its own for it is saved.
((call receiver: (_) @_view method: "dispatch") @access
  (#type? @_view "django.views.generic.edit.ProcessFormView") (#set! operation "kept") (#set! access.kept "get_form_class() form_class") (#set! access.chosen "queryset")
  (#set! access.fields "Meta.fields every=__all__ of=Meta.model") (#set! access.foreign) (#set! access.unanswered "post"))
((call receiver: (_) @_view method: "dispatch") @access
  (#type? @_view "django.views.generic.edit.ModelFormMixin") (#set! operation "kept")
  (#set! access.fields "fields every=__all__ of=model") (#set! access.foreign) (#set! access.unanswered "post"))
((call receiver: (_) @_view method: "post") @access
  (#type? @_view "django.views.generic.edit.ProcessFormView") (#set! operation "kept") (#set! access.kept "get_form_class() form_class") (#set! access.chosen "queryset")
  (#set! access.fields "Meta.fields every=__all__ of=Meta.model") (#set! access.foreign))
((call receiver: (_) @_view method: "dispatch" @access.verb) @access @access.target
  (#type? @_view "django.views.generic.edit.BaseUpdateView") (#set! operation "update") (#set! access.reads "dispatch") (#set! access.recorded "dispatch")
  (#set! access.confidence "likely") (#set! access.foreign) (#set! access.unanswered "post form_valid"))
((call receiver: (_) @_view method: "dispatch" @access.verb) @access @access.target
  (#type? @_view "django.views.generic.edit.BaseCreateView") (#set! operation "insert") (#set! access.recorded "dispatch")
  (#set! access.confidence "likely") (#set! access.foreign) (#set! access.unanswered "post form_valid"))
((call receiver: (_) @_view method: "dispatch" @access.verb) @access @access.target
  (#type? @_view "django.views.generic.edit.DeletionMixin") (#set! operation "delete") (#set! access.reads "dispatch") (#set! access.recorded "dispatch") (#set! access.cascade "row")
  (#set! access.answers "delete") (#set! access.instead "save asave save_base update aupdate")
  (#set! access.confidence "likely") (#set! access.foreign) (#set! access.unanswered "post delete form_valid"))
; Who may see a page only when logged in is looked up before it.
((call receiver: (_) @_view method: "dispatch") @access
  (#type? @_view "django.contrib.auth.mixins.AccessMixin") (#set! access.ahead "MIDDLEWARE.user") (#set! operation "select") (#set! access.store "entity[AUTH_USER_MODEL]") (#set! access.confidence "likely") (#set! access.foreign))
((call receiver: (_) @_view method: "dispatch") @access
  (#type? @_view "django.contrib.auth.mixins.AccessMixin") (#set! access.ahead "MIDDLEWARE.user") (#set! operation "select") (#set! access.store "django_session")
  (#set! access.configured "settings.SESSION_ENGINE=db") (#set! access.confidence "likely") (#set! access.foreign))
(stub ["django.contrib.auth.mixins.LoginRequiredMixin" "django.contrib.auth.mixins.UserPassesTestMixin" "django.contrib.auth.mixins.PermissionRequiredMixin"] extends: "django.contrib.auth.mixins.AccessMixin")
(stub ["django.views.generic.UpdateView" "django.views.generic.edit.UpdateView"] extends: "django.views.generic.edit.BaseUpdateView")
(stub ["django.views.generic.CreateView" "django.views.generic.edit.CreateView"] extends: "django.views.generic.edit.BaseCreateView")

; Who is logged in is looked up, with the session, for the first function that asks, and kept for all others of the request.
((member base: (member base: (name) @_request name: "user") @access @access.target name: _)
  (#type? @_request "django.http.HttpRequest") (#set! access.ahead "MIDDLEWARE.user") (#set! operation "select") (#set! access.confidence "guess")
  (#set! access.outermost "in=django.views.generic.base.View django.contrib.auth.mixins.AccessMixin rest_framework.views.APIView but=dispatch but=__call__ with=functools.wraps with=django.views.decorators.* with=django.db.transaction.atomic"))
((member base: (member base: (name) @_request name: "user") @access name: _)
  (#type? @_request "django.http.HttpRequest") (#set! access.ahead "MIDDLEWARE.user") (#set! operation "select") (#set! access.confidence "guess")
  (#set! access.store "django_session") (#set! access.configured "settings.SESSION_ENGINE=db")
  (#set! access.outermost "in=django.views.generic.base.View django.contrib.auth.mixins.AccessMixin rest_framework.views.APIView but=dispatch but=__call__ with=functools.wraps with=django.views.decorators.* with=django.db.transaction.atomic"))
((call keyword[*]: (member base: (name) @_request name: "user") @access @access.target)
  (#type? @_request "django.http.HttpRequest") (#set! access.ahead "MIDDLEWARE.user") (#set! operation "select") (#set! access.confidence "guess")
  (#set! access.outermost "in=django.views.generic.base.View django.contrib.auth.mixins.AccessMixin rest_framework.views.APIView but=dispatch but=__call__ with=functools.wraps with=django.views.decorators.* with=django.db.transaction.atomic"))
((call keyword[*]: (member base: (name) @_request name: "user") @access)
  (#type? @_request "django.http.HttpRequest") (#set! access.ahead "MIDDLEWARE.user") (#set! operation "select") (#set! access.confidence "guess")
  (#set! access.store "django_session") (#set! access.configured "settings.SESSION_ENGINE=db")
  (#set! access.outermost "in=django.views.generic.base.View django.contrib.auth.mixins.AccessMixin rest_framework.views.APIView but=dispatch but=__call__ with=functools.wraps with=django.views.decorators.* with=django.db.transaction.atomic"))

; The form of a view is made with the keywords that the view gives for it.
(stub "django.views.generic.edit.ProcessFormView.get_form_kwargs" returns: pairs[0])
((definition kind: "method" name: "get_form_kwargs" inside: (definition kind: "type" member[form_class]: (definition value: (_) @parameter.type)) @_view) @parameter
  (#is? @_view "django.views.generic.edit.ProcessFormView") (#set! parameter.keywords))

; A view that edits a row makes its form for that row, which looks up the rows between that its fields show.
(stub "django.views.generic.edit.BaseUpdateView.get_context_data" returns: "django.views.generic.edit.Context" of: ["get_queryset" "queryset" "model" "form_class.Meta.model"])
((call receiver: (_) @_view method: ["get_context_data" "get" "post" "dispatch"]) @access @access.target
  (#type? @_view "django.views.generic.edit.BaseUpdateView") (#set! operation "select") (#set! access.also "instead")
  (#set! access.fields "form_class.Meta.fields between every=__all__ without=form_class.Meta.exclude") (#set! access.confidence "likely") (#set! access.foreign))
((call receiver: (_) @_view method: ["get_context_data" "get" "post" "dispatch"]) @access @access.target
  (#type? @_view "django.views.generic.edit.BaseUpdateView") (#set! operation "select") (#set! access.also "instead")
  (#set! access.fields "fields between every=__all__") (#set! access.confidence "likely") (#set! access.foreign))

; Whether somebody may see a page stands in the permissions of the user and of its groups.
(stub "django.contrib.auth.mixins.PermissionRequiredMixin.has_permission" is: entity[AUTH_USER_MODEL])
((call receiver: (_) @_view method: "has_permission") @access
  (#type? @_view "django.contrib.auth.mixins.PermissionRequiredMixin") (#set! operation "select") (#set! access.store "auth_permission") (#set! access.confidence "likely") (#set! access.foreign))
((call receiver: (_) @_view method: "has_permission") @access
  (#type? @_view "django.contrib.auth.mixins.PermissionRequiredMixin") (#set! operation "select") (#set! access.store "auth_group") (#set! access.confidence "likely") (#set! access.foreign))
((call receiver: (_) @_view method: "has_permission") @access
  (#type? @_view "django.contrib.auth.mixins.PermissionRequiredMixin") (#set! operation "select") (#set! access.store "django_content_type") (#set! access.confidence "likely") (#set! access.foreign))
((call receiver: (_) @_view method: "has_permission") @access
  (#type? @_view "django.contrib.auth.mixins.PermissionRequiredMixin") (#set! operation "select") (#set! access.store "auth_group_permissions") (#set! access.confidence "likely") (#set! access.foreign))
((call receiver: (_) @_view method: "has_permission") @access @access.target
  (#type? @_view "django.contrib.auth.mixins.PermissionRequiredMixin") (#set! operation "select") (#set! access.also "instead") (#set! access.relations "groups user_permissions")
  (#set! access.confidence "likely") (#set! access.foreign))

; A view that chooses among forms for rows of one model.
((definition kind: "method" name: ["form_valid" "form_invalid"] inside: (definition kind: "type" member[get_form_class]: (definition kind: "method") @parameter.type) @_view) @parameter
  (#is? @_view "django.views.generic.base.View") (#set! parameter.name "form") (#set! parameter.agrees "Meta.model"))
