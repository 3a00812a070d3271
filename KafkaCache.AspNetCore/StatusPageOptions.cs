using Microsoft.AspNetCore.Http;

namespace KafkaCaching.AspNetCore;

/// <summary>Options of the status page.</summary>
public sealed class StatusPageOptions
{
    /// <summary>Decides who, among those who may see the page, may clear tags of hybrid caches. Clearing a tag invalidates its entries in
    /// all pods, so their sources are queried again. Default: <see langword="null"/>, which means everybody in the Development environment
    /// and nobody elsewhere.</summary>
    public Func<HttpContext, bool>? AllowClear { get; set; }
}
