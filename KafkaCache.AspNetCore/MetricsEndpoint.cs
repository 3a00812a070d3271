using System.Diagnostics.Metrics;
using KafkaCaching.AspNetCore.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace KafkaCaching.AspNetCore;

/// <summary>Maps the Prometheus endpoint.</summary>
public static class MetricsEndpoint
{
    /// <summary>Serves the metrics of every KafkaCache of the process in the Prometheus text format 0.0.4, or in OpenMetrics 1.0.0
    /// where the request's <c>Accept</c> header prefers it. What is observed is read at the scrape;
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

    private static async Task ScrapeAsync(HttpContext context, MetricsCollector collector)
    {
        var format = ExpositionNegotiation.Choose(context.Request.Headers.Accept);
        context.Response.ContentType = format.ContentType();
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        if (HttpMethods.IsHead(context.Request.Method))
            return;

        new PrometheusRenderer(context.Response.BodyWriter, format).Render(collector.Collect());
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
