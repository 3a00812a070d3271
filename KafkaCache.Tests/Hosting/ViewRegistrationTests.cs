using KafkaCaching.Tests.Brokers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace KafkaCaching.Tests.Hosting;

/// <summary>Views that are registered in a container.</summary>
public sealed class ViewRegistrationTests(EmbeddedBrokerFixture embedded)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_view_is_resolved_by_name_and_by_type_and_has_a_health_check()
    {
        var builder = TestHosts.Builder();
        Declare(builder.Services, "session-views"); // The caches are added later.
        Add(builder.Services, "sessions", "users");
        builder.Services.AddHealthChecks().AddKafkaCaches();
        using var host = builder.Build();
        await host.StartAsync(Token);

        var view = host.Services.GetRequiredService<IKafkaCacheView<string, string>>();
        Assert.Same(view, host.Services.GetRequiredKeyedService<IKafkaCacheView<string, string>>("session-views"));
        Assert.Same(view, Assert.Single(host.Services.GetServices<IKafkaCacheView>()));
        Assert.Equal("session-views", view.Name);
        Assert.Equal(host.Services.GetServices<IKafkaCache>(), view.Caches);
        await view.WaitUntilReadyAsync(Token);
        var sessions = host.Services.GetRequiredKeyedService<IKafkaCache<string, string>>("sessions");
        await sessions.PutAsync("s1", "ada", PutWait.Applied, Token);
        Assert.Equal("ada|", view.Get("s1"));

        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Token);
        Assert.Equal(
            ["kafkacache-live", "kafkacache-session-views", "kafkacache-sessions", "kafkacache-users"], report.Entries.Keys.Order());
        var check = report.Entries["kafkacache-session-views"];
        Assert.Equal((HealthStatus.Healthy, "Ready."), (check.Status, check.Description));
        Assert.Equal(["ready"], check.Tags);
    }

    [Fact]
    public void Of_two_views_of_the_same_types_one_must_be_named_and_the_message_says_how()
    {
        var builder = TestHosts.Builder();
        Add(builder.Services, "sessions", "users");
        Declare(builder.Services, "first");
        Declare(builder.Services, "second");
        using var host = builder.Build();
        var ambiguous = Assert.Throws<InvalidOperationException>(
            () => host.Services.GetRequiredService<IKafkaCacheView<string, string>>());
        Assert.Equal(
            "2 views have the type IKafkaCacheView<String, String>: 'first', 'second'. Ask for one by its name: "
            + "[FromKeyedServices(\"first\")], or GetRequiredKeyedService(\"first\").",
            ambiguous.Message);
        Assert.Equal("second", host.Services.GetRequiredKeyedService<IKafkaCacheView<string, string>>("second").Name);
    }

    [Fact]
    public async Task What_is_wrong_with_views_stops_the_host_with_what_to_change()
    {
        var builder = TestHosts.Builder();
        Add(builder.Services, "sessions", "users");
        builder.Services.AddKafkaCacheView<string, string>("endless").From<string>("sessions");
        builder.Services.AddKafkaCacheView<string, string>("foreign").From<string>("session")
            .Join<Guid, byte[]>("users", static _ => Guid.Empty)
            .Select(static (session, _) => session);
        Declare(builder.Services, "Users");
        Declare(builder.Services, "live");
        using var host = builder.Build();
        var wrong = await Assert.ThrowsAnyAsync<OptionsValidationException>(() => host.StartAsync(Token));
        Assert.Equal(
            [
                Taken("Users"),
                Taken("live"),
                "View 'endless': its declaration is not complete. Add From and Select to AddKafkaCacheView.",
                "View 'foreign': there is no cache 'session'. Add it with AddKafkaCache, or correct the name.",
                "View 'foreign': the cache 'users' is not an IReadOnlyKafkaCache<Guid, Byte[]> but an IReadOnlyKafkaCache<String, String>. "
                + "Correct the types in its From or Join.",
            ],
            wrong.Failures);
        Assert.ThrowsAny<OptionsValidationException>(
            () => host.Services.GetRequiredKeyedService<IKafkaCacheView<string, string>>("endless"));
    }

    [Fact]
    public void Wrong_arguments_are_refused_at_once()
    {
        var services = new ServiceCollection();
        Assert.Throws<ArgumentException>(() => services.AddKafkaCacheView<string, string>(" "));
        var from = services.AddKafkaCacheView<string, string>("views").From<string>("sessions");
        Assert.Throws<ArgumentException>(() => from.Join<string, string>("", static session => session));
        Assert.Throws<ArgumentNullException>(() => from.Join<string, string>("users", null!));
        Assert.Throws<ArgumentNullException>(() => from.JoinMany<string, string>("users", null!));
        Assert.Throws<ArgumentNullException>(() => from.Select(null!));
        from.Select(static session => session);
        Assert.Throws<InvalidOperationException>(() => from.Select(static session => session));
    }

    private static string Taken(string name) =>
        $"View '{name}': a cache, another view or the liveness check has this name (upper and lower case are the same here). Give the view "
        + "another name.";

    private static void Declare(IServiceCollection services, string name) => services.AddKafkaCacheView<string, string>(name)
        .From<string>("sessions")
        .Join<string, string>("users", static session => session)
        .Select(static (session, user) => $"{session}|{user}");

    private void Add(IServiceCollection services, params string[] names)
    {
        foreach (var name in names)
        {
            services.AddKafkaCache(
                name, TestHosts.Small(embedded.BootstrapServers, embedded.CreateTopic(), static options => options.ReadOnly = false));
        }
    }
}
