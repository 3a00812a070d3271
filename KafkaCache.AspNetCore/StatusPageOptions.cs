using Microsoft.AspNetCore.Http;

namespace KafkaCaching.AspNetCore;

/// <summary>What the status page allows beyond looking.</summary>
public sealed class StatusPageOptions
{
    /// <summary>Who may clear tags of hybrid caches, of those who may see the page. Clearing a tag invalidates its entries in all pods, so
    /// that their sources are asked again. Default: <see langword="null"/>, everybody in the Development environment and nobody
    /// elsewhere.</summary>
    public Func<HttpContext, bool>? AllowClear { get; set; }
}
