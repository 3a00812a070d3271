using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.AspNetCore;

/// <summary>Maps the Prometheus endpoint.</summary>
public static class MetricsEndpoint
{
    /// <summary>Serves the metrics of every KafkaCache of the process in the Prometheus text format 0.0.4. What is observed is read at the scrape;
    /// what is counted is counted from this call on. Meters made by the <see cref="IMeterFactory"/> of another host are left out.</summary>
    /// <param name="endpoints">The application's routes.</param>
    /// <param name="pattern">The path. Default: <c>/metrics</c>.</param>
    /// <returns>The endpoint, to add authorization and the like.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public static IEndpointConventionBuilder MapKafkaCacheMetrics(this IEndpointRouteBuilder endpoints, string pattern = "/metrics")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);

        var services = endpoints.ServiceProvider;
        var collector = new MetricsCollector(
            services.GetService<IMeterFactory>(),
            services.GetRequiredService<ILoggerFactory>().CreateLogger("KafkaCache.Metrics"));
        services.GetService<IHostApplicationLifetime>()?.ApplicationStopped.Register(collector.Dispose);

        return endpoints
            .MapMethods(pattern, [HttpMethods.Get, HttpMethods.Head], context => ScrapeAsync(context, collector))
            .WithDisplayName("KafkaCache metrics");
    }

    private static Task ScrapeAsync(HttpContext context, MetricsCollector collector)
    {
        context.Response.ContentType = PrometheusRenderer.ContentType;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(PrometheusRenderer.Render(collector.Collect()), context.RequestAborted);
    }
}
