using System.Text.Json;
using KafkaCaching.Demo.Arguments;
using KafkaCaching.Tests.House;

namespace KafkaCaching.Tests.Deploy;

/// <summary>The stack, as far as it can be checked without Docker: that its parts fit together.</summary>
public sealed class ComposeTests
{
    private static readonly JsonElement Services = DeployFiles.Yaml(Path.Combine(Repository.Root, "docker-compose.kafka.yml")).GetProperty("services");

    [Fact]
    public void Every_file_that_is_mounted_is_there_and_where_its_reader_looks_for_it()
    {
        var prometheus = Mounts("prometheus");
        var grafana = Mounts("grafana");

        Assert.All(prometheus.Values.Concat(grafana.Values), static source => Assert.True(File.Exists(Path.Combine(Repository.Root, source)), source));
        var configuration = DeployFiles.Yaml(Path.Combine(Repository.Root, prometheus["/etc/prometheus/prometheus.yml"]));
        Assert.All(configuration.GetProperty("rule_files").EnumerateArray(), rules => Assert.Contains($"/etc/prometheus/{rules}", prometheus.Keys));
        var providers = DeployFiles.Yaml(Path.Combine(Repository.Root, grafana["/etc/grafana/provisioning/dashboards/kafkacache.yml"])).GetProperty("providers");
        var folder = providers[0].GetProperty("options").GetProperty("path").GetString();
        Assert.Contains($"{folder}/kafkacache.json", grafana.Keys);
        Assert.Equal($"{folder}/kafkacache.json", Services.GetProperty("grafana").GetProperty("environment").GetProperty("GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH").GetString());
        Assert.Contains(grafana.Keys, static target => target.StartsWith("/etc/grafana/provisioning/datasources/", StringComparison.Ordinal));
    }

    [Fact]
    public void Prometheus_scrapes_the_demo_by_the_name_that_it_answers_to_and_Grafana_asks_Prometheus()
    {
        var demo = Services.GetProperty("demo");
        var scrape = Assert.Single(DeployFiles.Yaml(DeployFiles.PathOf("prometheus.yml")).GetProperty("scrape_configs").EnumerateArray());
        var arguments = DemoCommand.Parse([.. demo.GetProperty("command").EnumerateArray().Select(static word => word.GetString()!)], "kafka:19092", TextWriter.Null)!;
        var dataSource = DeployFiles.Yaml(DeployFiles.PathOf("grafana/datasource.yml")).GetProperty("datasources")[0];

        Assert.Equal($"{demo.GetProperty("hostname")}:{arguments.Port}", scrape.GetProperty("static_configs")[0].GetProperty("targets")[0].GetString());
        Assert.Equal("http://prometheus:9090", dataSource.GetProperty("url").GetString());
        Assert.True(arguments.Topics is { Writable: true, Create: true });
        Assert.True(File.Exists(Path.Combine(Repository.Root, demo.GetProperty("build").GetProperty("dockerfile").GetString()!)));
    }

    [Fact]
    public async Task Promtool_finds_nothing_in_the_configuration()
    {
        Assert.SkipUnless(Promtool.IsInstalled, "Needs promtool on the PATH: Debian's package prometheus.");

        var (exitCode, output) = await Promtool.RunAsync("check", "config", DeployFiles.PathOf("prometheus.yml"));

        Assert.True(exitCode == 0, output);
    }

    private static Dictionary<string, string> Mounts(string service) => Services.GetProperty(service).GetProperty("volumes").EnumerateArray()
        .Select(static volume => volume.GetString()!.Split(':')).ToDictionary(static parts => parts[1], static parts => parts[0], StringComparer.Ordinal);
}
