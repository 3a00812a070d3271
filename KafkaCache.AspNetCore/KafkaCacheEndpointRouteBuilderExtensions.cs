using System.Diagnostics.CodeAnalysis;
using KafkaCaching;
using KafkaCaching.AspNetCore;
using KafkaCaching.AspNetCore.ETags;
using KafkaCaching.AspNetCore.Snapshots;
using KafkaCaching.AspNetCore.Status;
using KafkaCaching.AspNetCore.Status.Hybrid;
using KafkaCaching.AspNetCore.Status.Jobs;
using KafkaCaching.AspNetCore.Watch;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the status page, watches and snapshots, and adds entity tags to endpoints.</summary>
public static class KafkaCacheEndpointRouteBuilderExtensions
{
    /// <summary>Serves a live page of every cache that was added with <c>AddKafkaCache</c>. It shows each cache's phase, progress, lag by
    /// partition, rates, memory and latest record errors, and also refreshed caches, jobs and their leaders. The page also shows the values
    /// of keys that are looked up. It is therefore available only in the Development environment, or if the application has configured who
    /// may see it: with <c>RequireAuthorization</c> on the returned builder or on a group around it, or with <c>AllowAnonymous</c> for
    /// everybody. Otherwise, the response is 404.</summary>
    /// <param name="endpoints">The application's routes.</param>
    /// <param name="pattern">The path. Default: <c>/kafkacache</c>.</param>
    /// <param name="configure">Sets who may clear tags of hybrid caches. Default: everybody in Development, and nobody elsewhere.</param>
    /// <returns>The page's endpoints, for adding authorization and other conventions.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public static IEndpointConventionBuilder MapKafkaCacheStatus(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern = "/kafkacache",
        Action<StatusPageOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);

        var options = new StatusPageOptions();
        configure?.Invoke(options);
        var services = endpoints.ServiceProvider;
        var isDevelopment = services.GetService<IHostEnvironment>()?.IsDevelopment() is true;
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("KafkaCache.Status");
        var gate = new PageGate(isDevelopment, logger);
        var clearing = new TagClearing(options.AllowClear ?? (_ => isDevelopment), logger);

        var page = endpoints.MapGroup(pattern.TrimEnd('/'));
        page.Map("/", gate.Get(PageAssets.ServeIndexAsync));
        foreach (var asset in PageAssets.All)
            page.Map($"/{asset.Name}", gate.Get(asset.ServeAsync));
        page.Map("/status", gate.Get(context => StatusAnswer.ServeAsync(context, clearing)));
        page.Map("/find", gate.Post(LookUp.ServeAsync));
        page.Map("/survey", gate.Post(Survey.ServeAsync));
        page.Map("/job", gate.Post(JobDetail.ServeAsync));
        page.Map("/clear", gate.Post(clearing.ServeAsync));
        return page.WithDisplayName("KafkaCache status");
    }

    /// <summary>Sends the content of a cache and then its changes as server-sent events, for a browser's <c>EventSource</c>. The events are
    /// <c>initial</c>, <c>ready</c>, <c>set</c> and <c>removed</c>, with key, value, position and timestamp as JSON, and <c>heartbeat</c>
    /// after every 15 seconds without another event. A client that reconnects continues after the event whose ID it sends as
    /// <c>Last-Event-ID</c> if the later changes are still kept; otherwise it begins with the initial content. The data of <c>ready</c>
    /// says which: <c>{"resumed":true}</c> or <c>{"resumed":false}</c>.</summary>
    /// <remarks><para>The query <c>prefix</c> limits the events to keys that begin with it, if keys are text (<c>string</c> or
    /// <c>Guid</c>). The query <c>lastEventId</c> is for clients that can't set headers. A request with a malformed value is answered with
    /// 400.</para>
    /// <para>The endpoint shows every value of the cache, so add authorization to the endpoint that this method returns. The JSON is
    /// written with the application's own options. A slow client receives only the latest change of each key.</para></remarks>
    /// <typeparam name="TKey">The type of the keys.</typeparam>
    /// <typeparam name="TValue">The type of the values.</typeparam>
    /// <param name="endpoints">The application's routes.</param>
    /// <param name="pattern">The path.</param>
    /// <param name="cache">The name of the cache. Default: the only cache of these types.</param>
    /// <returns>The endpoint, for adding authorization and other conventions.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public static RouteHandlerBuilder MapKafkaCacheWatch<TKey, TValue>(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern, string? cache = null)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        Delegate handler = Task<IResult> (HttpContext context) => WatchEndpoint.ServeAsync(
            context,
            cache is null
                ? context.RequestServices.GetRequiredService<IReadOnlyKafkaCache<TKey, TValue>>()
                : context.RequestServices.GetRequiredKeyedService<IReadOnlyKafkaCache<TKey, TValue>>(cache));
        return endpoints.MapGet(pattern, handler);
    }

    /// <summary>Sends the snapshots of caches that have a <see cref="SnapshotOptions.Directory"/> to starting instances whose
    /// <see cref="SnapshotOptions.From"/> has the address <c>{pattern}/{name of the cache}</c>. At most two are sent at a time; further
    /// requests are answered with 503, and requests for a cache without a snapshot with 404.</summary>
    /// <remarks>A snapshot contains every key and value of the cache. So the response is 404 unless the application has configured who may
    /// get snapshots: with <c>RequireAuthorization</c> on the returned builder or on a group around it, or with <c>AllowAnonymous</c> if
    /// the network alone controls access.</remarks>
    /// <param name="endpoints">The application's routes.</param>
    /// <param name="pattern">The path. Default: <c>/kafkacache/snapshot</c>.</param>
    /// <returns>The endpoint, for adding authorization and other conventions.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public static IEndpointConventionBuilder MapKafkaCacheSnapshot(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern = "/kafkacache/snapshot")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        var logger = endpoints.ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger("KafkaCache.Status");
        var endpoint = new SnapshotEndpoint(logger);
        return endpoints.MapGet(
            $"{pattern.TrimEnd('/')}/{{**{SnapshotEndpoint.CacheParameter}}}",
            context => endpoint.ServeAsync(context, context.RequestServices.GetServices<IKafkaCache>()));
    }

    /// <summary>Adds an entity tag to an endpoint whose response depends only on caches and on the request. A conditional GET
    /// (<c>If-None-Match</c>) is answered with 304, without running the endpoint, if the caches have applied no record since the tag was
    /// issued, and no entry has expired. Instances that have applied the same records have the same tag. While a cache refuses reads
    /// or loads its snapshot, and once it lacks evicted entries, the endpoint always runs, and its response has no tag.</summary>
    /// <typeparam name="TBuilder">The type of the endpoint's builder.</typeparam>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="caches">The names of the caches that the endpoint reads.</param>
    /// <returns>The endpoint.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">No cache is named.</exception>
    public static TBuilder WithKafkaCacheETag<TBuilder>(this TBuilder endpoint, params string[] caches)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(caches);
        if (caches.Length == 0)
            throw new ArgumentException("Name the caches that the endpoint reads.", nameof(caches));
        return endpoint.AddEndpointFilter(new ETagFilter(caches));
    }
}
