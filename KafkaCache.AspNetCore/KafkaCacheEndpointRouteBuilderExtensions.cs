using KafkaCaching.AspNetCore;
using System.Diagnostics.CodeAnalysis;
using KafkaCaching.AspNetCore.Status;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the status page.</summary>
public static class KafkaCacheEndpointRouteBuilderExtensions
{
    /// <summary>Serves a live page of every cache that was added with <c>AddKafkaCache</c>. It shows phase, progress, lag by partition,
    /// rates, memory and the latest record errors, and it has a look-up by key, which shows values. The page is therefore available only in
    /// the Development environment, or if the application has said who may see it: with <c>RequireAuthorization</c> on what this method
    /// returns or on a group around it, or with <c>AllowAnonymous</c> for everybody. Otherwise it answers 404.</summary>
    /// <param name="endpoints">The application's routes.</param>
    /// <param name="pattern">The path. Default: <c>/kafkacache</c>.</param>
    /// <returns>The page's endpoints, for adding authorization and other conventions.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public static IEndpointConventionBuilder MapKafkaCacheStatus(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern = "/kafkacache")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);

        var services = endpoints.ServiceProvider;
        var gate = new PageGate(
            services.GetService<IHostEnvironment>()?.IsDevelopment() is true,
            services.GetRequiredService<ILoggerFactory>().CreateLogger("KafkaCache.Status"));

        var page = endpoints.MapGroup(pattern.TrimEnd('/'));
        page.Map("/", gate.Get(PageAssets.ServeIndexAsync));
        foreach (var asset in PageAssets.All)
            page.Map($"/{asset.Name}", gate.Get(asset.ServeAsync));
        page.Map("/status", gate.Get(StatusAnswer.ServeAsync));
        page.Map("/find", gate.Post(LookUp.ServeAsync));
        return page.WithDisplayName("KafkaCache status");
    }
}
