using System.Globalization;
using System.Text.Json;
using KafkaCaching.Hosting.Configuration;
using KafkaCaching.Options;
using Microsoft.Extensions.Configuration;

namespace KafkaCaching.Tests.Deploy;

/// <summary>The manifest, and the derivation of its numbers in docs/kubernetes.md.</summary>
public sealed class KubernetesTests
{
    private const long MiB = 1 << 20;

    private static readonly IReadOnlyList<JsonElement> Documents = DeployFiles.YamlDocuments(DeployFiles.PathOf("kubernetes.yml"));
    private static readonly JsonElement Deployment = Spec("Deployment");
    private static readonly JsonElement Pod = Deployment.GetProperty("template").GetProperty("spec");
    private static readonly JsonElement Container = Assert.Single(Pod.GetProperty("containers").EnumerateArray());

    [Fact]
    public void Service_and_disruption_budget_select_the_pods()
    {
        var labels = Deployment.GetProperty("template").GetProperty("metadata").GetProperty("labels").GetRawText();

        Assert.Equal(labels, Deployment.GetProperty("selector").GetProperty("matchLabels").GetRawText());
        Assert.Equal(labels, Spec("Service").GetProperty("selector").GetRawText());
        Assert.Equal(labels, Spec("PodDisruptionBudget").GetProperty("selector").GetProperty("matchLabels").GetRawText());
    }

    [Fact]
    public void The_pods_name_and_namespace_come_by_the_downward_API()
    {
        Assert.Equal(
            "metadata.name", Variable("POD_NAME").GetProperty("valueFrom").GetProperty("fieldRef").GetProperty("fieldPath").GetString());
        Assert.Equal(
            "metadata.namespace",
            Variable("POD_NAMESPACE").GetProperty("valueFrom").GetProperty("fieldRef").GetProperty("fieldPath").GetString());
    }

    [Fact]
    public void Probes_ask_for_ready_and_for_live_and_a_rollout_is_not_given_up_before_a_start()
    {
        Assert.Equal(
            ["/health/ready", "/health/ready", "/health/live"],
            ((string[])["startupProbe", "readinessProbe", "livenessProbe"]).Select(static probe => Path(probe)));
        var start = Container.GetProperty("startupProbe");
        Assert.True(
            start.GetProperty("periodSeconds")
                .GetInt32() * start.GetProperty("failureThreshold")
                .GetInt32() < Deployment.GetProperty("progressDeadlineSeconds")
                .GetInt32());
        Assert.Equal(0, Deployment.GetProperty("strategy").GetProperty("rollingUpdate").GetProperty("maxUnavailable").GetInt32());

        static string? Path(string probe) => Container.GetProperty(probe).GetProperty("httpGet").GetProperty("path").GetString();
    }

    [Fact]
    public void The_limit_has_room_for_two_stores_within_the_heaps_share_and_for_the_rest_beside_it()
    {
        var budget = ByteSize.Parse(Setting("Store__MemoryBudget"))!.Value;
        var resources = Container.GetProperty("resources");
        var limit = Bytes(resources.GetProperty("limits").GetProperty("memory").GetString()!);

        Assert.True((2 * budget) + (256 * MiB) <= limit * 3 / 4, $"{budget} of {limit}");
        Assert.True(100 * MiB <= limit / 4);
        Assert.Equal(limit, Bytes(resources.GetProperty("requests").GetProperty("memory").GetString()!));
    }

    [Fact]
    public void The_grace_period_covers_preStop_the_hosts_stop_and_Dispose()
    {
        var sleep = Container.GetProperty("lifecycle").GetProperty("preStop").GetProperty("sleep").GetProperty("seconds").GetInt32();
        var host = new Microsoft.Extensions.Hosting.HostOptions().ShutdownTimeout.TotalSeconds;

        Assert.Equal(sleep + host + 10, Pod.GetProperty("terminationGracePeriodSeconds").GetInt32());
    }

    [Fact]
    public void The_spill_directory_is_a_volume_with_a_limit()
    {
        var mount = Assert.Single(Container.GetProperty("volumeMounts").EnumerateArray());
        var volume = Assert.Single(Pod.GetProperty("volumes").EnumerateArray());

        Assert.Equal(Setting("Store__SpillDirectory"), mount.GetProperty("mountPath").GetString());
        Assert.Equal(volume.GetProperty("name").GetString(), mount.GetProperty("name").GetString());
        Assert.NotEqual("", volume.GetProperty("emptyDir").GetProperty("sizeLimit").GetString());
    }

    [Fact]
    public void The_settings_of_the_cache_are_bound_and_valid()
    {
        var variables = Container.GetProperty("env")
            .EnumerateArray()
            .Where(static variable => variable.TryGetProperty("value", out _))
            .Select(static variable =>
            KeyValuePair.Create(
                variable.GetProperty("name").GetString()!.Replace("__", ":", StringComparison.Ordinal),
                variable.GetProperty("value").GetString()));
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(variables).Build();
        var options = new KafkaCacheOptions<Guid, string>();

        Assert.Empty(SectionBinder.Bind(configuration.GetSection("Caches:users"), options));
        Assert.Empty(OptionsValidation.Validate(options));
        Assert.Equal("users", options.Topic);
    }

    private static JsonElement Spec(string kind) =>
        Assert.Single(Documents, document => document.GetProperty("kind").GetString() == kind).GetProperty("spec");

    private static JsonElement Variable(string name) =>
        Assert.Single(Container.GetProperty("env").EnumerateArray(), variable => variable.GetProperty("name").GetString() == name);

    private static string Setting(string option) => Variable($"Caches__users__{option}").GetProperty("value").GetString()!;

    private static long Bytes(string quantity) => quantity switch
    {
        [.. var number, 'G', 'i'] => long.Parse(number, CultureInfo.InvariantCulture) << 30,
        [.. var number, 'M', 'i'] => long.Parse(number, CultureInfo.InvariantCulture) << 20,
        _ => throw new FormatException(quantity),
    };
}
