using Confluent.Kafka;
using KafkaCaching.Hosting;
using KafkaCaching.Store.Spill;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.Tests.Hosting.Defaults;

public sealed class CacheDefaultsTests
{
    private const string Shared = """
        {
          "Caches": {
            "Defaults": {
              "BootstrapServers": "kafka:9092",
              "ReadOnly": false,
              "StaleAfter": "00:01:00",
              "Store": { "MemoryBudget": 33554432, "SpillDirectory": "/tmp/spill" },
              "Client": { "SecurityProtocol": "SaslSsl", "sasl.mechanisms": "PLAIN", "SaslUsername": "everybody" },
              "Producer": { "linger.ms": 5 }
            },
            "users": {
              "Topic": "users",
              "StaleAfter": "00:00:10",
              "Store": { "MemoryBudget": 67108864 },
              "Client": { "SaslMechanism": "ScramSha512", "SaslUsername": "users" }
            }
          }
        }
        """;

    [Fact]
    public void A_setting_of_the_caches_own_section_goes_over_the_default_and_the_rest_stays()
    {
        var configuration = TestHosts.Json(Shared);

        var options = Options(services =>
        {
            services.AddKafkaCache<string, string>("users", configuration.GetSection("Caches:users"));
            services.AddKafkaCacheDefaults(configuration.GetSection("Caches:Defaults"));
        });

        Assert.Equal(("kafka:9092", "users", false), (options.BootstrapServers, options.Topic, options.ReadOnly));
        Assert.Equal(TimeSpan.FromSeconds(10), options.StaleAfter);
        Assert.Equal((67108864, "/tmp/spill"), (options.Store.MemoryBudget, options.Store.SpillDirectory));
        Assert.Equal(
            (SecurityProtocol.SaslSsl, SaslMechanism.ScramSha512, "users"),
            (options.Client!.SecurityProtocol, options.Client.SaslMechanism, options.Client.SaslUsername));
        Assert.Equal(5, options.Producer!.LingerMs);
    }

    [Fact]
    public void Snapshots_settings_come_from_the_configuration_and_go_over_the_defaults()
    {
        var configuration = TestHosts.Json("""
            {
              "Defaults": { "Snapshot": { "Directory": "/var/lib/caches", "Interval": "00:05:00", "MaxBytes": 1073741824 } },
              "users": {
                "BootstrapServers": "kafka:9092", "Topic": "users",
                "Snapshot": { "Interval": "00:01:00", "MaxAge": "06:00:00", "Version": "3" }
              }
            }
            """);

        var snapshot = Options(services =>
        {
            services.AddKafkaCache<string, string>("users", configuration.GetSection("users"));
            services.AddKafkaCacheDefaults(configuration.GetSection("Defaults"));
        }).Snapshot;

        Assert.Equal(("/var/lib/caches", 1L << 30, "3"), (snapshot.Directory, snapshot.MaxBytes, snapshot.Version));
        Assert.Equal((TimeSpan.FromMinutes(1), TimeSpan.FromHours(6)), (snapshot.Interval, snapshot.MaxAge));
    }

    [Fact]
    public void Clients_settings_that_code_puts_in_place_of_the_defaults_keep_those_that_they_do_not_name()
    {
        var options = Options(static services =>
        {
            services.AddKafkaCacheDefaults(static defaults =>
            {
                defaults.Client = new ClientConfig { SecurityProtocol = SecurityProtocol.SaslSsl, SaslUsername = "everybody" };
                defaults.Client.Set("sasl.mechanisms", "PLAIN");
                defaults.Consumer = new ConsumerConfig { FetchWaitMaxMs = 500 };
                defaults.Producer = new ProducerConfig { LingerMs = 5, CompressionType = CompressionType.Lz4 };
            });
            Add(services, static options =>
            {
                options.Client = new ClientConfig { SaslMechanism = SaslMechanism.ScramSha512, SaslUsername = "users" };
                options.Consumer = null;
                options.Producer!.LingerMs = 7;
            });
        });

        Assert.Equal(
            [("sasl.mechanism", "SCRAM-SHA-512"), ("sasl.username", "users"), ("security.protocol", "sasl_ssl")],
            options.Client!.Select(static one => (one.Key, one.Value)).Order());
        Assert.Null(options.Consumer);
        Assert.Equal((7, CompressionType.Lz4), (options.Producer!.LingerMs, options.Producer.CompressionType));
    }

    [Fact]
    public void Brokers_of_the_caches_own_client_settings_go_over_the_default_of_the_option()
    {
        var options = Options(static services =>
        {
            services.AddKafkaCacheDefaults(static defaults => defaults.BootstrapServers = "everybodys:9092");
            services.AddKafkaCache<string, string>(
                "users", static options => (options.Topic, options.Client) = ("users", new ClientConfig { BootstrapServers = "own:9092" }));
        });

        Assert.Null(options.BootstrapServers);
        Assert.Equal("own:9092", options.Client!.BootstrapServers);
    }

    [Fact]
    public void What_one_cache_changes_of_what_all_share_does_not_show_in_the_others()
    {
        var client = new ClientConfig { SaslUsername = "everybody" };
        var store = new StoreOptions { MemoryBudget = 32 << 20 };
        var services = new ServiceCollection();
        services.AddKafkaCacheDefaults(defaults => (defaults.Client, defaults.Store) = (client, store));
        Add(services, static options => (options.Client!.SaslUsername, options.Store.MemoryBudget) = ("users", 64 << 20));
        Add(services, static _ => { }, "sessions");
        using var provider = services.BuildServiceProvider();

        var (users, sessions) = (OptionsOf(provider, "users"), OptionsOf(provider, "sessions"));

        Assert.Equal(("users", 64 << 20), (users.Client!.SaslUsername, users.Store.MemoryBudget));
        Assert.Equal(("everybody", 32 << 20), (sessions.Client!.SaslUsername, sessions.Store.MemoryBudget));
        Assert.Equal(("everybody", 32 << 20), (client.SaslUsername, store.MemoryBudget));
    }

    [Fact]
    public void The_later_defaults_go_over_the_earlier_ones()
    {
        var options = Options(static services =>
        {
            Add(services, static _ => { });
            services.AddKafkaCacheDefaults(TestHosts.Json("""{ "StaleAfter": "00:00:20", "PutTimeout": "00:00:20" }"""));
            services.AddKafkaCacheDefaults(static defaults => defaults.StaleAfter = TimeSpan.FromSeconds(40));
        });

        Assert.Equal((40, 20), (options.StaleAfter.TotalSeconds, options.PutTimeout.TotalSeconds));
    }

    [Fact]
    public void Faults_of_the_defaults_are_reported_once_however_many_caches_there_are()
    {
        var section =
            TestHosts.Json("""{ "Caches": { "Defaults": { "Topic": "users", "StaleAftr": "00:00:20", "Client": { "SaslUsr": "x" } } } }""")
                .GetSection("Caches:Defaults");

        var faults = Faults(services =>
        {
            services.AddKafkaCacheDefaults(section);
            Add(services, static options => options.Topic = "users");
            Add(services, static options => options.Topic = "sessions", "sessions");
        });

        Assert.Equal(
            [
                "Defaults of all caches: Caches:Defaults:Topic can't be the same for all caches. Move it to the section of the cache that "
                + "it is meant for.",
                "Defaults of all caches: Caches:Defaults:Client:SaslUsr is not an option. Correct its name, or remove it.",
                "Defaults of all caches: Caches:Defaults:StaleAftr is not an option; did you mean StaleAfter? Correct its name, or remove "
                + "it.",
            ],
            faults);
    }

    [Fact]
    public void A_missing_section_of_defaults_is_reported_where_a_setting_is_missing()
    {
        var missing = TestHosts.Json("{}").GetSection("Caches:Defautls");

        Assert.Empty(Faults(services =>
        {
            services.AddKafkaCacheDefaults(missing);
            Add(services, static _ => { });
        }));
        var faults = Faults(services =>
        {
            services.AddKafkaCacheDefaults(missing);
            services.AddKafkaCache<string, string>("users", static options => options.Topic = "users");
        });
        Assert.StartsWith(
            "Defaults of all caches: their section of the configuration, Caches:Defautls, is missing or empty.", faults[0],
            StringComparison.Ordinal);
        Assert.Equal(2, faults.Count);
    }

    [Fact]
    public void All_that_caches_can_share_is_there_to_be_shared()
    {
        // The encoding of values depends on their type, so a default would conflict with the serializers of a cache. The log, the time to
        // live and the use of headers are specific to a topic.
        string[] ofOneCache =
        [
            nameof(KafkaCacheOptions<,>.Topic), nameof(KafkaCacheOptions<,>.Name), nameof(KafkaCacheOptions<,>.ValueJsonOptions),
            nameof(KafkaCacheOptions<,>.ValidateRecord), nameof(KafkaCacheOptions<,>.Log), nameof(KafkaCacheOptions<,>.TimeToLive),
            nameof(KafkaCacheOptions<,>.ExpireByHeader), nameof(KafkaCacheOptions<,>.KeepHeaders),
        ];
        var shared = typeof(KafkaCacheOptions<,>).GetProperties()
            .Where(static property => !property.PropertyType.ContainsGenericParameters)
            .Select(static property => property.Name)
            .Except(ofOneCache, StringComparer.Ordinal);

        Assert.Equal(shared, typeof(IKafkaCacheDefaults).GetProperties().Select(static property => property.Name));
    }

    private static void Add(IServiceCollection services, Action<KafkaCacheOptions<string, string>> more, string name = "users") =>
        services.AddKafkaCache<string, string>(name, options =>
        {
            (options.BootstrapServers, options.Topic) = ("localhost:9092", name);
            more(options);
        });

    private static IReadOnlyList<string> Faults(Action<IServiceCollection> add)
    {
        var services = new ServiceCollection();
        add(services);
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<RegisteredCaches>().Faults();
    }

    private static KafkaCacheOptions<string, string> Options(Action<IServiceCollection> add)
    {
        var services = new ServiceCollection();
        add(services);
        using var provider = services.BuildServiceProvider();
        return OptionsOf(provider, "users");
    }

    private static KafkaCacheOptions<string, string> OptionsOf(IServiceProvider provider, string name) => new CacheSettings<string, string>(
        provider,
        provider.GetServices<CacheRegistration>().OfType<OptionsRegistration<string, string>>().Single(one => one.Name == name)).Options;
}
