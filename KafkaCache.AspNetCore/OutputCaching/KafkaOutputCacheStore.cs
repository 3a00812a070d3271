using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using KafkaCaching.Hybrid;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.AspNetCore.OutputCaching;

/// <summary>Keeps the responses of ASP.NET Core's output cache in a hybrid cache, so that a tag evicted in one pod is evicted in
/// all.</summary>
/// <remarks>The output cache looks up a response, runs the endpoint, and then stores its response. The lookup begins a fill, so that an
/// eviction while the endpoint runs keeps the response from being served: the response may contain data from before the eviction. The fill
/// is kept in the request's items, because the calls of the store's methods have nothing else in common.</remarks>
internal sealed class KafkaOutputCacheStore(KafkaHybridCache cache, IHttpContextAccessor contexts, ILoggerFactory loggers)
    : IOutputCacheBufferStore
{
    private static readonly TimeSpan MinValidity = TimeSpan.FromSeconds(1);
    private static readonly HybridCacheEntryOptions LookOnly = new() { Flags = HybridCacheEntryFlags.DisableUnderlyingData };

    private readonly ILogger _logger = loggers.CreateLogger("KafkaCache.OutputCaching");

    public async ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellationToken) =>
        (await FindAsync(key, cancellationToken))?.Bytes;

    public async ValueTask<bool> TryGetAsync(string key, PipeWriter destination, CancellationToken cancellationToken)
    {
        if (await FindAsync(key, cancellationToken) is not { } page)
            return false;
        await destination.WriteAsync(page.Bytes, cancellationToken);
        return true;
    }

    public ValueTask SetAsync(string key, byte[] value, string[]? tags, TimeSpan validFor, CancellationToken cancellationToken) =>
        Store(key, new OutputPage(value), tags ?? [], validFor);

    public ValueTask SetAsync(
        string key, ReadOnlySequence<byte> value, ReadOnlyMemory<string> tags, TimeSpan validFor, CancellationToken cancellationToken) =>
        Store(key, new OutputPage(value.ToArray()), tags.ToArray(), validFor);

    public ValueTask EvictByTagAsync(string tag, CancellationToken cancellationToken) => cache.RemoveByTagAsync(tag, cancellationToken);

    private async ValueTask<OutputPage?> FindAsync(string key, CancellationToken cancellationToken)
    {
        var stored = KeyOf(key);
        var page = await LookAsync(stored, cancellationToken);
        if (page is null && contexts.HttpContext is { } context)
            context.Items[(this, stored)] = cache.BeginFill(stored);
        return page;
    }

    private async ValueTask<OutputPage?> LookAsync(string stored, CancellationToken cancellationToken)
    {
        try
        {
            return await cache.GetOrCreateAsync(
                stored, default(object), static (_, _) => ValueTask.FromResult<OutputPage?>(null), LookOnly, tags: null, cancellationToken);
        }
        catch (OnlyIfCachedException)
        {
            // The response is not cached, but the endpoint may still be able to create it from cached values.
            return null;
        }
    }

    // The response has already been sent to the client, so the store does not wait for the brokers.
    private ValueTask Store(string key, OutputPage page, string[] tags, TimeSpan validFor)
    {
        var stored = KeyOf(key);
        if (validFor < MinValidity || CacheRequest.Current?.Directives.NoStore == true
            || contexts.HttpContext?.Items.Remove((this, stored), out var begun) != true || begun is not HybridFill fill)
            return default;
        try
        {
            _ = fill.StoreAsync(
                page, new HybridCacheEntryOptions { Expiration = validFor < fill.MaxTimeToLive ? validFor : fill.MaxTimeToLive }, tags);
        }
        catch (ArgumentException refused)
        {
            // The tags come from the application's policies, which may derive them from the request, so an invalid tag must not fail the
            // request.
            Log.OutputNotStored(_logger, cache.Name, refused.Message);
        }

        return default;
    }

    // The output cache's keys contain control characters, and may contain any part of a request, of any length, so they are hashed.
    private static string KeyOf(string key) =>
        $"output/{Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(key)))}";
}
