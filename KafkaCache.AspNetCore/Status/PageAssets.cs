using Microsoft.AspNetCore.Http;

namespace KafkaCaching.AspNetCore.Status;

/// <summary>The files of the page: all of <c>Assets/</c>, embedded.</summary>
internal static class PageAssets
{
    private const string Folder = "Status/";
    private const string IndexName = "index.html";

    private static readonly PageAsset Index = Read(IndexName);

    /// <summary>All but the page itself, which stands at the root.</summary>
    public static IReadOnlyList<PageAsset> All { get; } = [.. Names().Where(static name => name != IndexName).Select(Read)];

    /// <summary>The page. Its links are relative, so that it works behind any prefix; hence it must be asked for as a folder.</summary>
    public static Task ServeIndexAsync(HttpContext context)
    {
        var path = (context.Request.PathBase + context.Request.Path).ToUriComponent();
        if (path.Length == 0 || path.EndsWith('/'))
            return Index.ServeAsync(context);

        // Relative too: a proxy may have taken a prefix off that nobody told us of.
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
