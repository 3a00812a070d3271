using System.Net;
using System.Text.Json.Serialization;
using Confluent.Kafka;
using KafkaCaching;
using KafkaCaching.Demo;
using KafkaCaching.Demo.Sample;
using KafkaCaching.Demo.Topics;
using KafkaCaching.Jobs;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Prometheus;

// The sample starts this program again to run its import in a separate process.
if (args is [OrderImport.Verb, var servers])
    return await OrderImport.RunOnceAsync(servers);

// Options. Without topics, the demo serves the sample, on a broker inside this process.
var command = new DemoCommand();
var options = command.Parse(args);
if (options.Errors is [var wrong, ..])
    return await FailAsync(wrong.Message);
if (options.Action is not null)
    return await options.InvokeAsync(); // Prints the help or the version.

var listen = options.GetValue(command.Listen)!;
var topics = options.GetValue(command.Topics)!.Distinct(StringComparer.Ordinal).ToArray();
var sample = topics.Length == 0 ? new SampleData() : null;
using var broker = sample is null ? null : await SampleBroker.StartAsync(sample);

// The usual settings of a web application apply, except for files in the current directory.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
builder.WebHost.UseUrls($"http://{new IPEndPoint(listen, options.GetValue(command.Port))}");

// This prevents DNS rebinding: a web page whose host name resolves to this machine could otherwise read and write the caches. The setting
// AllowedHosts can allow other hosts.
builder.Configuration["AllowedHosts"] ??= $"localhost;127.0.0.1;[::1];{listen};{Dns.GetHostName()}";

// The host's own log is disabled, because the code at the end of this file prints a fatal error in one line, without the stack trace.
builder.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true)
    .AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
builder.Services.ConfigureHttpJsonOptions(json =>
{
    json.SerializerOptions.WriteIndented = true; // The JSON is meant to be read in a terminal.
    json.SerializerOptions.RespectNullableAnnotations = true;
    json.SerializerOptions.RespectRequiredConstructorParameters = true;
    json.SerializerOptions.Converters.Add(new JsonStringEnumConverter());
});

// Caches.
var postgres = builder.Configuration.GetConnectionString(Orders.Setting);
var hasOrders = sample is not null || postgres is not null;
if (broker is not null)
{
    builder.Services.AddKafkaCacheDefaults(defaults =>
    {
        defaults.BootstrapServers = broker.BootstrapServers;
        defaults.Client = SampleBroker.Client;
    });
    builder.Services.AddKafkaCache<Guid, Organization>("organizations", cache => cache.Topic = "organizations");
    builder.Services.AddKafkaCache<Guid, Session>("sessions", cache => cache.Topic = "sessions");
    builder.Services.AddKafkaCache<Guid, User>("users", cache =>
    {
        cache.Topic = "users";
        cache.ReadOnly = false;
    });
    builder.Services.AddRates();
    builder.Services.AddPrices();
    builder.Services.AddKafkaJobs(jobs => jobs.CreateTopic = false);
    builder.Services.AddKafkaCacheView<Guid, SessionView>("session-views")
        .From<Session>("sessions")
        .Join<Guid, User>("users", session => session.User)
        .JoinMany<Guid, Organization>("organizations", (_, user) => user?.Groups)
        .Select(SessionView.Of);
}
else
{
    var client = options.GetValue(command.ClientConfig) ?? new ClientConfig();
    client.BootstrapServers = options.GetValue(command.BootstrapServers) ?? client.BootstrapServers;
    builder.Services.AddHostedService(_ => new TopicCheck(client, topics, options.GetValue(command.Create)));
    builder.Services.AddKafkaCacheDefaults(defaults =>
    {
        defaults.BootstrapServers = client.BootstrapServers;
        defaults.Client = client;
        defaults.ReadOnly = !options.GetValue(command.Writable);
        defaults.OnRecordError = options.GetValue(command.OnRecordError);
        defaults.ReadyTimeout = Timeout.InfiniteTimeSpan;
    });

    // The demo treats keys and values as bytes, whatever program wrote them.
    foreach (var topic in topics)
    {
        builder.Services.AddKafkaCache<byte[], byte[]>(topic, cache =>
        {
            cache.Topic = topic;
            cache.Indexes.OrderKeys = true;
        });
    }
}

if (hasOrders)
    builder.Services.AddOrders(postgres, isEmbedded: sample is not null);
builder.Services.AddKafkaCacheProblemDetails();
builder.Services.AddKafkaCachePrometheus();
builder.Services.AddHealthChecks().AddKafkaCaches();

// Endpoints.
await using var app = builder.Build();
app.UseExceptionHandler();
app.UseStatusCodePages();
app.UseKafkaCachePositions();
app.MapStatus();
if (sample is null)
{
    app.MapTopics(topics, options.GetValue(command.Writable));
}
else
{
    app.MapSample();
    app.MapRates();
    app.MapPrices();
    OrderImport.MapImport(app, broker!.BootstrapServers);
}

if (hasOrders)
{
    app.UseOutputCache();
    app.MapOrders();
    app.MapOrdersPage();
}

app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains("ready") })
    .WithSummary("whether requests should come here");
app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = check => check.Tags.Contains("live") })
    .WithSummary("whether a restart would help");
app.MapMetrics().WithSummary("positions, lag and more for Prometheus");

// The page needs no authorization, because everybody who can reach the demo can read the caches through its other routes anyway.
app.MapKafkaCacheStatus("/kafkacache").AllowAnonymous();

try
{
    if (hasOrders)
        await Orders.CreateAsync(app.Services);

    // The service listens before the caches are ready, so that the status page shows the replay. Until then, reads are answered with 503.
    await app.StartAsync();
    foreach (var cache in app.Services.GetServices<IKafkaCache>())
        await cache.WaitUntilReadyAsync(app.Lifetime.ApplicationStopping);
    foreach (var cache in app.Services.GetServices<IRefreshedCache>())
        await cache.WaitUntilReadyAsync(app.Lifetime.ApplicationStopping);
    Welcome.Write(app.Urls.First(), sample, topics);
    await app.WaitForShutdownAsync();
    return 0;
}
catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
{
    return 0;
}
catch (Exception exception) when (exception is DemoException or OptionsValidationException or KafkaCacheException or IOException)
{
    return await FailAsync(exception.Message);
}

static async Task<int> FailAsync(string message)
{
    await Console.Error.WriteLineAsync($"error: {message.ReplaceLineEndings(" ")}");
    return 1;
}
