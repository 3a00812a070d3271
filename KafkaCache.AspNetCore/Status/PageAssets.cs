using Microsoft.AspNetCore.Http;

namespace KafkaCaching.AspNetCore.Status;

/// <summary>The files of the page: everything in <c>Assets/</c>, embedded in the assembly.</summary>
internal static class PageAssets
{
    private const string Folder = "Status/";
    private const string IndexName = "index.html";

    private static readonly PageAsset Index = Read(IndexName);

    /// <summary>All files except the page itself, which is at the root.</summary>
    public static IReadOnlyList<PageAsset> All { get; } = [.. Names().Where(static name => name != IndexName).Select(Read)];

    /// <summary>Serves the page. The page's links are relative, so that it works behind any path prefix. Its own path must therefore end
    /// with a slash; other paths are redirected.</summary>
    public static Task ServeIndexAsync(HttpContext context)
    {
        var path = (context.Request.PathBase + context.Request.Path).ToUriComponent();
        if (path.Length == 0 || path.EndsWith('/'))
            return Index.ServeAsync(context);

        // The redirect is relative too, because a proxy may have removed a path prefix.
        context.Response.StatusCode = StatusCodes.Status302Found;
        context.Response.Headers.Location = $"./{path[(path.LastIndexOf('/') + 1)..]}/{context.Request.QueryString}";
        return Task.CompletedTask;
    }

    private static IEnumerable<string> Names() => typeof(PageAssets).Assembly.GetManifestResourceNames()
        .Where(static name => name.StartsWith(Folder, StringComparison.Ordinal))
        .Select(static name => name[Folder.Length..]);

    private static PageAsset Read(string name)
    {
        using var resource = typeof(PageAssets).Assembly.GetManifestResourceStream(Folder + name)!;
        var content = new byte[resource.Length];
        resource.ReadExactly(content);
        return new PageAsset(name, content);
    }
}
