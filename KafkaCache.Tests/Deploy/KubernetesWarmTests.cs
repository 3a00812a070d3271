using System.Text.Json;
using KafkaCaching.Hosting.Configuration;
using KafkaCaching.Options;
using Microsoft.Extensions.Configuration;

namespace KafkaCaching.Tests.Deploy;

/// <summary>The manifest for warm restarts: its own settings, and those that must be the same as in the other manifest.</summary>
public sealed class KubernetesWarmTests
{
    private static readonly IReadOnlyList<JsonElement> Documents = DeployFiles.YamlDocuments(DeployFiles.PathOf("kubernetes-warm.yml"));
    private static readonly JsonElement StatefulSet = Spec(Documents, "StatefulSet");
    private static readonly JsonElement Pod = StatefulSet.GetProperty("template").GetProperty("spec");
    private static readonly JsonElement Container = Assert.Single(Pod.GetProperty("containers").EnumerateArray());

    [Fact]
    public void Snapshots_are_on_a_volume_that_each_pod_claims()
    {
        var claim = Assert.Single(StatefulSet.GetProperty("volumeClaimTemplates").EnumerateArray());
        var mount = Assert.Single(Container.GetProperty("volumeMounts").EnumerateArray());

        Assert.Equal(claim.GetProperty("metadata").GetProperty("name").GetString(), mount.GetProperty("name").GetString());
        Assert.Equal(Variables()["Caches:users:Snapshot:Directory"], mount.GetProperty("mountPath").GetString());
        Assert.Equal(
            Documents.Single(static document => document.GetProperty("kind").GetString() == "StorageClass")
                .GetProperty("metadata").GetProperty("name").GetString(),
            claim.GetProperty("spec").GetProperty("storageClassName").GetString());
    }

    [Fact]
    public void The_volume_has_room_for_the_snapshots_that_the_cache_may_write()
    {
        var options = Options();
        var most = options.Snapshot.MaxBytes ?? 4 * options.Store.MemoryBudget;
        var claim = StatefulSet.GetProperty("volumeClaimTemplates")[0].GetProperty("spec").GetProperty("resources");

        Assert.Equal("1Gi", claim.GetProperty("requests").GetProperty("storage").GetString());
        Assert.True(most <= 1L << 30, $"{most}");
    }

    [Fact]
    public void The_root_file_system_is_read_only_and_the_process_has_no_privileges()
    {
        var security = Container.GetProperty("securityContext");

        Assert.True(security.GetProperty("readOnlyRootFilesystem").GetBoolean());
        Assert.False(security.GetProperty("allowPrivilegeEscalation").GetBoolean());
        Assert.Equal("ALL", Assert.Single(security.GetProperty("capabilities").GetProperty("drop").EnumerateArray()).GetString());
        Assert.True(Pod.GetProperty("securityContext").GetProperty("runAsNonRoot").GetBoolean());
        Assert.Equal(
            Pod.GetProperty("securityContext").GetProperty("runAsUser").GetInt32(),
            Pod.GetProperty("securityContext").GetProperty("fsGroup").GetInt32());
    }

    [Fact]
    public void Probes_resources_and_stopping_are_those_of_the_other_manifest()
    {
        var other = Spec(DeployFiles.YamlDocuments(DeployFiles.PathOf("kubernetes.yml")), "Deployment")
            .GetProperty("template").GetProperty("spec");
        var container = other.GetProperty("containers")[0];

        foreach (var part in (string[])["startupProbe", "readinessProbe", "livenessProbe", "resources", "lifecycle", "ports"])
            Assert.Equal(container.GetProperty(part).GetRawText(), Container.GetProperty(part).GetRawText());
        Assert.Equal(
            other.GetProperty("terminationGracePeriodSeconds").GetInt32(), Pod.GetProperty("terminationGracePeriodSeconds").GetInt32());
    }

    [Fact]
    public void Service_and_disruption_budget_select_the_pods()
    {
        var labels = StatefulSet.GetProperty("template").GetProperty("metadata").GetProperty("labels").GetRawText();

        Assert.Equal(labels, StatefulSet.GetProperty("selector").GetProperty("matchLabels").GetRawText());
        Assert.Equal(labels, Spec(Documents, "Service").GetProperty("selector").GetRawText());
        Assert.Equal(labels, Spec(Documents, "PodDisruptionBudget").GetProperty("selector").GetProperty("matchLabels").GetRawText());
    }

    [Fact]
    public void The_settings_of_the_cache_are_bound_and_valid()
    {
        Assert.Empty(OptionsValidation.Validate(Options()));
        Assert.Equal("/var/lib/kafkacache", Options().Snapshot.Directory);
    }

    private static KafkaCacheOptions<Guid, string> Options()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(Variables()).Build();
        var options = new KafkaCacheOptions<Guid, string>();
        Assert.Empty(SectionBinder.Bind(configuration.GetSection("Caches:users"), options));
        return options;
    }

    private static Dictionary<string, string?> Variables() => Container.GetProperty("env")
        .EnumerateArray()
        .Where(static variable => variable.TryGetProperty("value", out _))
        .ToDictionary(
            static variable => variable.GetProperty("name").GetString()!.Replace("__", ":", StringComparison.Ordinal),
            static variable => variable.GetProperty("value").GetString(),
            StringComparer.Ordinal);

    private static JsonElement Spec(IEnumerable<JsonElement> documents, string kind) =>
        Assert.Single(documents, document => document.GetProperty("kind").GetString() == kind).GetProperty("spec");
}
