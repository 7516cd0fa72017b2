"""Static files with their content's digest in their name, in what modules import as well."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleStorage(CompressedManifestStaticFilesStorage):
    """Rewrites the imports of JavaScript modules, which Django leaves alone unless told."""

    support_js_module_import_aggregation = True
