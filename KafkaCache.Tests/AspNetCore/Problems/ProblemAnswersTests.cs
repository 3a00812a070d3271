using System.Net;
using System.Text.Json;
using KafkaCaching.Hybrid;
using KafkaCaching.Jobs;
using KafkaCaching.Tests.AspNetCore.Status;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;
using KafkaCaching.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.AspNetCore.Problems;

/// <summary><c>AddKafkaCacheProblemDetails()</c> in typical pipelines.</summary>
public sealed class ProblemAnswersTests(EmbeddedBrokerFixture broker)
{
    public static TheoryData<string, bool> Pipelines => new()
    {
        { Environments.Production, false },
        { Environments.Production, true },
        { Environments.Development, false },
        { Environments.Development, true },
    };

    [Theory]
    [MemberData(nameof(Pipelines))]
    public async Task A_read_before_ready_is_answered_with_503_and_when_to_try_again(string environment, bool handlesExceptions)
    {
        await using var app = await StartAsync(
            static (IReadOnlyKafkaCache<string, string> users) => users.Get("ada"), environment, handlesExceptions,
            static services => services.AddKafkaCache("users", TestHosts.Small(TestHosts.NobodyListens, "users")));

        using var answer = await GetAsync(app);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("5", Assert.Single(answer.Headers.GetValues("Retry-After")));
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var problem = await BodyAsync(answer);
        Assert.Equal(
            (503, "Not ready", "Starting"),
            (problem.GetProperty("status").GetInt32(), problem.GetProperty("title").GetString(), problem.GetProperty("phase").GetString()));
    }

    [Theory]
    [MemberData(nameof(Pipelines))]
    public async Task A_refused_put_of_a_running_cache_is_the_clients_matter(string environment, bool handlesExceptions)
    {
        var topic = broker.CreateTopic();
        await using var app = await StartAsync(
            static (IKafkaCache<string, string> users) => users.Put("ada", "canary").Offset, environment, handlesExceptions,
            services => services.AddKafkaCache("users", TestHosts.Small(broker.BootstrapServers, topic, static options =>
            {
                options.ReadOnly = false;
                options.ValidatePut = static (_, _) => false;
            })));

        using var answer = await GetAsync(app);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.DoesNotContain("canary", (await BodyAsync(answer)).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Pipelines))]
    public async Task Other_exceptions_pass_through_unchanged(string environment, bool handlesExceptions)
    {
        await using var app = await StartAsync(
            static string () => throw new NotSupportedException("Mine."), environment, handlesExceptions, static _ => { });

        var mine = await Record.ExceptionAsync(async () =>
        {
            using var answer = await GetAsync(app);
            Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
            Assert.False(answer.Headers.Contains("Retry-After"));
        });

        // The test server rethrows an exception that no middleware has handled.
        Assert.Equal(environment == Environments.Production && !handlesExceptions, mine is NotSupportedException);
    }

    public static TheoryData<Exception, int> OfOtherPackages => new()
    {
        { new RefreshedCacheNotReadyException("prices"), 503 },
        { new OnlyIfCachedException("web"), 504 },
    };

    [Theory]
    [MemberData(nameof(OfOtherPackages), DisableDiscoveryEnumeration = true)]
    public async Task Exceptions_of_other_packages_are_answered_without_any_middleware(Exception exception, int status)
    {
        await using var app = await StartAsync(
            string () => throw exception, Environments.Production, handlesExceptions: false, static _ => { });

        using var answer = await GetAsync(app);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(status == 503, answer.Headers.Contains("Retry-After"));
    }

    [Fact]
    public async Task Retry_After_is_the_estimate_of_the_cache_that_was_read()
    {
        await using var app = await StartAsync(
            static string () => throw new CacheNotReadyException(
                "Wait.", CachePhase.Replaying, 0.4) { Cache = "users" }, Environments.Production, handlesExceptions: false,
            static services => services
                .AddSingleton<IKafkaCache>(
                    new FakeCache("sessions", Statuses.Replaying(0.1) with { EstimatedTimeToReady = TimeSpan.FromSeconds(50) }))
                .AddSingleton<IKafkaCache>(
                    new FakeCache("users", Statuses.Replaying(0.4) with { EstimatedTimeToReady = TimeSpan.FromSeconds(12.1) })));

        using var answer = await GetAsync(app);

        Assert.Equal("13", Assert.Single(answer.Headers.GetValues("Retry-After")));
    }

    [Fact]
    public async Task A_client_that_does_not_accept_JSON_gets_the_status_without_a_body()
    {
        await using var app = await StartAsync(
            static string () => throw new CacheNotReadyException(
                "Wait.", CachePhase.Replaying, 0.4), Environments.Production, handlesExceptions: false, static _ => { });

        using var answer = await GetAsync(app, accept: "text/html");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "5"), (answer.StatusCode, Assert.Single(answer.Headers.GetValues("Retry-After"))));
        Assert.Equal("", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_the_answer_keeps_to_itself_is_logged_and_not_ready_is_not()
    {
        var logs = new ListLoggerFactory();
        foreach (
            var exception in new Exception[]
            {
                new CacheNotReadyException("Wait.", CachePhase.Starting, 0),
                new RecordErrorException("Torn.", 3, 1042, RecordErrorReason.UndecodableValue),
            })
        {
            await using var app = await StartAsync(
                string () => throw exception, Environments.Production, handlesExceptions: false,
                services => services.AddSingleton<ILoggerFactory>(logs));
            using var answer = await GetAsync(app);
        }

        Assert.Equal("A request was answered with 500: Torn.", Assert.Single(logs.Logger.Lines, static line => line.Id == 504).Text);
    }

    [Fact]
    public async Task Customized_problem_details_stay_customized_and_saying_it_twice_is_saying_it_once()
    {
        await using var app = await StartAsync(
            static string () => throw new CacheNotReadyException(
                "Wait.", CachePhase.Replaying, 0.4), Environments.Production, handlesExceptions: true,
            static services => services.AddKafkaCacheProblemDetails().AddProblemDetails(static options =>
                options.CustomizeProblemDetails = static context => context.ProblemDetails.Extensions["team"] = "people"));

        using var answer = await GetAsync(app);

        Assert.Equal("people", (await BodyAsync(answer)).GetProperty("team").GetString());
    }

    private static async Task<WebApplication> StartAsync(
        Delegate endpoint, string environment, bool handlesExceptions, Action<IServiceCollection> add)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.AddKafkaCacheProblemDetails();
        add(builder.Services);
        var app = builder.Build();
        if (handlesExceptions)
            app.UseExceptionHandler();
        app.MapGet("/", endpoint);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private static async Task<HttpResponseMessage> GetAsync(WebApplication app, string accept = "application/json")
    {
        using var client = app.GetTestClient();
        client.DefaultRequestHeaders.Add("Accept", accept);
        return await client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);
    }

    private static async Task<JsonElement> BodyAsync(HttpResponseMessage answer) =>
        JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
}
