using System.Net;
using System.Net.Sockets;
using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using KafkaCaching.AspNetCore;
using KafkaCaching.Demo.Arguments;
using KafkaCaching.Demo.Topics;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Prometheus;

namespace KafkaCaching.Demo.Http;

/// <summary>The HTTP server and what every request passes through.</summary>
internal static class HttpService
{
    public const int MaxBodyBytes = 1_048_576;
    public const string StatusPage = "/kafkacache";

    // Requests under way get this long when the demo ends; the puts are settled after, and both within 5 s.
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(2);

    /// <summary>A server without routes. It takes no settings from the environment: the command line says all.</summary>
    public static WebApplication Build(DemoArguments arguments, ILoggerFactory loggers, IShowcase showcase, CollectorRegistry metrics)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<StopGrace>();
        showcase.AddCaches(builder.Services);
        builder.Services.AddKafkaCachePrometheus(metrics);
        builder.Services.AddHealthChecks().AddKafkaCaches();
        builder.Services.AddSingleton<IProblemDetailsWriter, ProblemWriter>();
        builder.Services.AddKafkaCacheProblemDetails();
        builder.Services.AddExceptionHandler<RequestExceptionHandler>();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = StopTimeout);
        builder.Services.ConfigureHttpJsonOptions(options =>
        {
            // Read by people in a terminal; and never as HTML, which nosniff sees to.
            options.SerializerOptions.WriteIndented = true;
            options.SerializerOptions.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
            options.SerializerOptions.Converters.Add(new JsonStringEnumConverter());
        });
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
            kestrel.Listen(arguments.Listen, arguments.Port);
        });
        return builder.Build();
    }

    public static void Configure(WebApplication app, IShowcase showcase, IReadOnlyList<IKafkaCache> caches, CollectorRegistry metrics)
    {
        app.Use(NoSniffing);
        app.UseExceptionHandler();
        app.UseMiddleware<ProblemMiddleware>();
        if (showcase.Writable)
            app.UseMiddleware<HostHeaderGuard>();
        app.UseKafkaCachePositions();
        app.UseMiddleware<RecordPathMiddleware>();
        app.UseRouting();

        IndexEndpoint.Map(app);
        StatusEndpoints.Map(app, caches);
        showcase.MapRoutes(app);
        app.MapMetrics(settings => settings.Registry = metrics).WithMetadata(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head])).WithSummary("positions, lag and more for Prometheus");
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = static check => check.Tags.Contains("ready") }).WithSummary("whether requests should come here");
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = static check => check.Tags.Contains("live") }).WithSummary("whether a restart would help");

        // Whoever reaches the demo may read all that it holds by its other routes too.
        app.MapKafkaCacheStatus(StatusPage).AllowAnonymous();
    }

    /// <returns>The address that a client on this machine can use.</returns>
    /// <exception cref="DemoException">The address can't be listened on.</exception>
    public static async Task<Uri> ListenAsync(WebApplication app, DemoArguments arguments, CancellationToken stop)
    {
        var endpoint = new IPEndPoint(arguments.Listen, arguments.Port);
        try
        {
            await app.StartAsync(stop);
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            throw new DemoException($"Port {arguments.Port} on {arguments.Listen} is in use: choose another with --port N.");
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            throw new DemoException($"Can't listen on {endpoint}: {OneLine.Of(exception)}. Choose others with --listen ADDRESS and --port N.");
        }

        var bound = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        var address = new UriBuilder(bound);
        if (arguments.Listen.Equals(IPAddress.Any) || arguments.Listen.Equals(IPAddress.IPv6Any))
            address.Host = "localhost";
        return address.Uri;
    }

    private static Task NoSniffing(HttpContext context, RequestDelegate next)
    {
        // Set late, since a problem clears what was set before it.
        context.Response.OnStarting(() =>
        {
            context.Response.Headers.XContentTypeOptions = "nosniff";
            return Task.CompletedTask;
        });
        return next(context);
    }
}
