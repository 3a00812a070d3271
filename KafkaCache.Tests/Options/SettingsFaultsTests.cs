using KafkaCaching.Hosting;
using KafkaCaching.Tests.Hosting;
using KafkaCaching.Tests.House;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace KafkaCaching.Tests.Options;

/// <summary>Wrong settings stop the host before anything is started, and all faults are reported at once.</summary>
public sealed class SettingsFaultsTests
{
    private sealed record User(string Email);

    private static readonly UriSerializer NoWriter = new();

    [Fact]
    public async Task All_faults_of_all_caches_are_reported_at_once_each_with_what_to_change_and_nothing_starts()
    {
        var configuration = TestHosts.Json("""
            {
              "Caches": {
                "sessions": {
                  "BootstrapServers": "localhost:9092",
                  "Topc": "sessions",
                  "Topic": "sessions",
                  "StaleAfter": "thirty",
                  "Store": { "MemoryBudgt": 1 }
                }
              }
            }
            """);
        var faults = await FaultsOfAsync(services =>
        {
            services.AddKafkaCache<string, User>("emptyTopic", static o => (o.BootstrapServers, o.Topic) = ("localhost:9092", ""));
            services.AddKafkaCache<string, User>(
                "budget", static o => (o.BootstrapServers, o.Topic, o.Store.MemoryBudget) = ("localhost:9092", "users", -1));
            services.AddKafkaCache<string, User>("sessions", configuration.GetSection("Caches:sessions"));
            services.AddKafkaCache<string, Uri>(
                "unwritable",
                static o => (o.BootstrapServers, o.Topic, o.ReadOnly, o.ValueDeserializer) = ("localhost:9092", "pages", false, NoWriter));
            services.AddKafkaCache<string, string>("twice", static o => (o.BootstrapServers, o.Topic) = ("localhost:9092", "one"));
            services.AddKafkaCache<Guid, string>("TWICE", static o => (o.BootstrapServers, o.Topic) = ("localhost:9092", "two"));
            services.AddKafkaCache<string, string>("good", static o => (o.BootstrapServers, o.Topic) = ("localhost:9092", "good"));
        });

        Assert.Collection(
            faults,
            static fault => Assert.Equal(
                "Two caches are registered under the name 'twice' (upper and lower case are the same here). Give each AddKafkaCache a name "
                + "of its own.",
                fault),
            static fault => Assert.Equal(
                "Cache 'emptyTopic': Topic is missing, so there is nothing to cache. Set it to the topic's name.", fault),
            static fault => Assert.StartsWith(
                "Cache 'budget': Store.MemoryBudget is -1 bytes. Set it to a value from 16 MiB", fault, StringComparison.Ordinal),
            static fault => Assert.Equal(
                "Cache 'sessions': Caches:sessions:StaleAfter is not a time. Write hours:minutes:seconds, as in 00:00:30, with days before "
                + "a dot, as in 2.00:00:00, or Infinite.",
                fault),
            static fault => Assert.Equal(
                "Cache 'sessions': Caches:sessions:Store:MemoryBudgt is not an option; did you mean MemoryBudget? Correct its name, or "
                + "remove it.",
                fault),
            static fault => Assert.Equal(
                "Cache 'sessions': Caches:sessions:Topc is not an option; did you mean Topic? Correct its name, or remove it.", fault),
            static fault => Assert.StartsWith("Cache 'unwritable': ValueSerializer is missing", fault, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_empty_topic_stops_the_host() =>
        Assert.StartsWith(
            "Cache 'a': Topic is missing",
            Assert.Single(await FaultsOfAsync(static services => Add(services, "a", static o => o.Topic = ""))), StringComparison.Ordinal);

    [Fact]
    public async Task A_negative_budget_stops_the_host() => Assert.StartsWith(
        "Cache 'a': Store.MemoryBudget",
        Assert.Single(await FaultsOfAsync(static services => Add(services, "a", static o => o.Store.MemoryBudget = -1))),
        StringComparison.Ordinal);

    [Fact]
    public async Task An_unknown_key_in_the_configuration_stops_the_host() => Assert.Equal(
        "Cache 'a': C:a:ReadOnyl is not an option; did you mean ReadOnly? Correct its name, or remove it.",
        Assert.Single(await FaultsOfAsync(static services => services.AddKafkaCache<string, string>(
            "a", TestHosts.Json("""{"C":{"a":{"BootstrapServers":"localhost:9092","Topic":"a","ReadOnyl":false}}}""").GetSection("C:a")))));

    [Fact]
    public async Task Writable_without_a_serializer_stops_the_host() => Assert.StartsWith(
        "Cache 'a': ValueSerializer is missing",
        Assert.Single(await FaultsOfAsync(static services => services.AddKafkaCache<string, Uri>(
            "a", static o => (o.BootstrapServers, o.Topic, o.ReadOnly, o.ValueDeserializer) = ("localhost:9092", "a", false, NoWriter)))),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("users")]
    [InlineData("Users")]
    public async Task Two_caches_of_one_name_stop_the_host_whatever_their_types(string second)
    {
        Assert.StartsWith("Two caches are registered under the name 'users'", Assert.Single(await FaultsOfAsync(services =>
        {
            Add(services, "users");
            Add(services, second);
        })), StringComparison.Ordinal);
        Assert.StartsWith("Two caches are registered under the name 'users'", Assert.Single(await FaultsOfAsync(services =>
        {
            Add(services, "users");
            services.AddKafkaCache<Guid, User>(second, static o => (o.BootstrapServers, o.Topic) = ("localhost:9092", "a"));
        })), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_caches_that_call_themselves_the_same_stop_the_host() => Assert.StartsWith(
        "Two caches have 'people' as the option Name", Assert.Single(await FaultsOfAsync(static services =>
        {
            Add(services, "a", static o => o.Name = "people");
            Add(services, "b", static o => o.Name = "People");
        })), StringComparison.Ordinal);

    [Theory]
    [InlineData("live")]
    [InlineData("Live")]
    public async Task The_name_of_the_liveness_check_is_taken(string name) => Assert.StartsWith(
        $"A cache is registered under the name '{name}', which is reserved for the liveness check",
        Assert.Single(await FaultsOfAsync(services => Add(services, name))), StringComparison.Ordinal);

    [Fact]
    public async Task What_stops_the_host_is_as_text_the_faults_alone_one_a_line_and_no_stack()
    {
        var builder = TestHosts.Builder();
        Add(builder.Services, "a", static o => (o.Topic, o.Store.MemoryBudget) = ("", -1));
        using var host = builder.Build();

        var thrown = await Assert.ThrowsAnyAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.NotNull(thrown.StackTrace);
        Assert.Equal(["The settings of the caches are wrong:", .. thrown.Failures], thrown.ToString().Split(Environment.NewLine));
        Assert.Equal(2, thrown.Failures.Count());
    }

    [Fact]
    public async Task The_documentation_shows_what_is_said()
    {
        var configuration = TestHosts.Json(
            """{ "Caches": { "users": { "BootstrapServers": "localhost:9092", "Topc": "users", "StaleAfter": "thirty" } } }""");
        var faults = await FaultsOfAsync(services =>
        {
            services.AddKafkaCache<Guid, User>("users", configuration.GetSection("Caches:users"));
            Add(services, "sessions", static o => o.Store.MemoryBudget = -1);
            services.AddKafkaCache<Guid, User>("sessions", static o => (o.BootstrapServers, o.Topic) = ("localhost:9092", "sessions"));
        });
        var documented = await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "docs", "hosting.md"), TestContext.Current.CancellationToken);
        Assert.Contains($"```\n{string.Join('\n', faults)}\n```", documented, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sections_in_the_documentation_have_no_faults()
    {
        var documented = await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "docs", "hosting.md"), TestContext.Current.CancellationToken);
        string[] sections = [
            .. documented.Split("```json\n").Skip(1).Select(static rest => rest[..rest.IndexOf("```", StringComparison.Ordinal)]),
        ];
        Assert.NotEmpty(sections);
        foreach (var section in sections)
        {
            var services = new ServiceCollection();
            var configuration = TestHosts.Json(section);

            // The documentation expects the password from another source. Without it, no client can be created.
            configuration["Caches:users:Client:SaslPassword"] = "from a file";
            var caches = configuration.GetSection("Caches");
            services.AddKafkaCacheDefaults(caches.GetSection("Defaults"));
            services.AddKafkaCache<Guid, User>("users", caches.GetSection("users"));
            await using var provider = services.BuildServiceProvider();
            Assert.Empty(provider.GetRequiredService<RegisteredCaches>().Faults());
        }
    }

    [Fact]
    public async Task A_missing_section_is_reported_with_its_path()
    {
        var faults = await FaultsOfAsync(
            static services => services.AddKafkaCache<string, string>("a", TestHosts.Json("{}").GetSection("Caches:usres")));
        Assert.StartsWith(
            "Cache 'a': its section of the configuration, Caches:usres, is missing or empty.", faults[0], StringComparison.Ordinal);
        Assert.Contains(faults, static fault => fault.Contains("Topic is missing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Validators_of_the_applications_own_are_asked_too() => Assert.Equal(
        ["Cache 'a': Topic is missing, so there is nothing to cache. Set it to the topic's name.", "Cache 'a': Topics of ours begin with "
            + "acme."],
        await FaultsOfAsync(static services =>
        {
            Add(services, "a", static o => o.Topic = "");
            services.AddOptions<KafkaCacheOptions<string, string>>("a")
                .Validate(static o => o.Topic!.StartsWith("acme.", StringComparison.Ordinal), "Topics of ours begin with acme.");
        }));

    [Fact]
    public async Task They_are_reported_together_with_wrong_options_of_the_application()
    {
        var probe = new StartProbe();
        var builder = TestHosts.Builder(probe);
        Add(builder.Services, "a", static o => o.Topic = "");
        builder.Services.AddOptions<List<string>>().Validate(static _ => false, "The application's own.").ValidateOnStart();
        using var host = builder.Build();
        var all = await Assert.ThrowsAsync<AggregateException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.Equal(2, all.InnerExceptions.OfType<OptionsValidationException>().Count());
        Assert.False(probe.Starting);
    }

    [Fact]
    public async Task Resolving_a_cache_before_the_host_starts_throws_the_faults_of_all()
    {
        var recorder = new CategoryRecorder();
        var builder = TestHosts.Builder(recorder: recorder);
        Add(builder.Services, "good");
        Add(builder.Services, "bad", static o => o.Topic = "");
        using var host = builder.Build();
        foreach (var resolve in new Func<object>[]
        {
            () => host.Services.GetRequiredKeyedService<IReadOnlyKafkaCache<string, string>>("good"),
            () => host.Services.GetRequiredKeyedService<IKafkaCache<string, string>>("good"),
            () => host.Services.GetServices<IKafkaCache>(),
        })
        {
            var thrown = Assert.ThrowsAny<OptionsValidationException>(resolve);
            Assert.StartsWith("Cache 'bad': Topic is missing", Assert.Single(thrown.Failures), StringComparison.Ordinal);
        }

        Assert.Empty(recorder.Caches);
        await Assert.ThrowsAnyAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    public void A_cache_without_a_name_is_refused_at_once(string? name) =>
        Assert.ThrowsAny<ArgumentException>(() => new ServiceCollection().AddKafkaCache<string, string>(name!, static _ => { }));

    private static void Add(IServiceCollection services, string name, Action<KafkaCacheOptions<string, string>>? more = null) =>
        services.AddKafkaCache(name, TestHosts.Small("localhost:9092", "a-topic", more));

    private static async Task<IReadOnlyList<string>> FaultsOfAsync(Action<IServiceCollection> add)
    {
        var probe = new StartProbe();
        var recorder = new CategoryRecorder();
        var builder = TestHosts.Builder(probe, recorder);
        add(builder.Services);
        using var host = builder.Build();
        var thrown = await Assert.ThrowsAnyAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.False(probe.Starting);
        Assert.Empty(recorder.Caches);
        return [.. thrown.Failures];
    }
}
