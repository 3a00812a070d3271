using System.Diagnostics;
using System.Text.Json;
using KafkaCaching.Demo;
using KafkaCaching.Tests.House;
using KafkaCaching.Tests.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.Deploy;

/// <summary>Checks without Docker that the parts of the Compose stack fit together.</summary>
public sealed class ComposeTests
{
    private static readonly JsonElement Services = DeployFiles.Yaml(
        Path.Combine(Repository.Root, "docker-compose.kafka.yml")).GetProperty("services");

    [Fact]
    public void Every_file_that_is_mounted_is_there_and_where_its_reader_looks_for_it()
    {
        var prometheus = Mounts("prometheus");
        var grafana = Mounts("grafana");

        Assert.All(
            prometheus.Values.Concat(grafana.Values),
            static source => Assert.True(File.Exists(Path.Combine(Repository.Root, source)), source));
        var configuration = DeployFiles.Yaml(Path.Combine(Repository.Root, prometheus["/etc/prometheus/prometheus.yml"]));
        Assert.All(
            configuration.GetProperty("rule_files").EnumerateArray(),
            rules => Assert.Contains($"/etc/prometheus/{rules}", prometheus.Keys));
        var providers = DeployFiles.Yaml(Path.Combine(Repository.Root, grafana["/etc/grafana/provisioning/dashboards/kafkacache.yml"]))
            .GetProperty("providers");
        var folder = providers[0].GetProperty("options").GetProperty("path").GetString();
        Assert.Contains($"{folder}/kafkacache.json", grafana.Keys);
        Assert.Equal(
            $"{folder}/kafkacache.json",
            Services.GetProperty("grafana")
                .GetProperty("environment")
                .GetProperty("GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH")
                .GetString());
        Assert.Contains(
            grafana.Keys, static target => target.StartsWith("/etc/grafana/provisioning/datasources/", StringComparison.Ordinal));
    }

    [Fact]
    public void Prometheus_scrapes_the_demo_by_the_name_that_it_answers_to_and_Grafana_asks_Prometheus()
    {
        var demo = Services.GetProperty("demo");
        var scrape = Assert.Single(DeployFiles.Yaml(DeployFiles.PathOf("prometheus.yml")).GetProperty("scrape_configs").EnumerateArray());
        var command = new DemoCommand();
        var options = command.Parse([.. demo.GetProperty("command").EnumerateArray().Select(static word => word.GetString()!)]);
        var dataSource = DeployFiles.Yaml(DeployFiles.PathOf("grafana/datasource.yml")).GetProperty("datasources")[0];

        Assert.Equal(
            $"{demo.GetProperty("hostname")}:{options.GetValue(command.Port)}",
            scrape.GetProperty("static_configs")[0].GetProperty("targets")[0].GetString());
        Assert.Equal("http://prometheus:9090", dataSource.GetProperty("url").GetString());
        Assert.Empty(options.Errors);
        Assert.True(options.GetValue(command.Writable) && options.GetValue(command.Create));
        Assert.True(File.Exists(Path.Combine(Repository.Root, demo.GetProperty("build").GetProperty("dockerfile").GetString()!)));
    }

    [Fact]
    public void Health_is_asked_for_often_only_at_the_start_and_never_by_a_JVM()
    {
        string[] checkedServices = ["kafka", "postgres", "demo"];
        foreach (var service in checkedServices)
        {
            var check = Services.GetProperty(service).GetProperty("healthcheck");

            Assert.Equal(("1s", "30s"), (check.GetProperty("start_interval").GetString(), check.GetProperty("interval").GetString()));
            Assert.DoesNotContain("/opt/kafka", check.GetProperty("test").ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(StatusCodes.Status200OK, true)]
    [InlineData(StatusCodes.Status503ServiceUnavailable, false)]
    [InlineData(null, false)]
    public async Task The_demo_is_healthy_when_it_says_that_it_is_ready(int? status, bool isHealthy)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs bash.");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapGet("/health/ready", () => Results.StatusCode(status!.Value));
        await app.StartAsync(TestContext.Current.CancellationToken);
        var port = new Uri(app.Urls.Single()).Port;
        if (status is null)
            await app.StopAsync(TestContext.Current.CancellationToken);

        string[] command = [.. Services.GetProperty("demo").GetProperty("healthcheck").GetProperty("test").EnumerateArray().Skip(1)
            .Select(
                word =>
                    word.GetString()!.Replace("$$", "$", StringComparison.Ordinal)
                        .Replace("localhost/5080", $"127.0.0.1/{port}", StringComparison.Ordinal))];
        using var check = Process.Start(
            new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true, UseShellExecute = false })!;

        Assert.Equal(isHealthy, await check.ExitCodeAsync(TimeSpan.FromMinutes(1)) == 0);
    }

    [Fact]
    public void What_is_seeded_are_keys_and_JSON_of_the_topic_that_the_demo_serves()
    {
        var script = Services.GetProperty("seed").GetProperty("entrypoint")[2].GetString()!;
        var arguments = Services.GetProperty("demo")
            .GetProperty("command")
            .EnumerateArray()
            .Select(static word => word.GetString())
            .ToList();
        var records = script.Split('\'')
            .Where(static quoted => quoted.Contains('{', StringComparison.Ordinal))
            .Select(static record => record.Split('|'))
            .ToList();

        Assert.Contains($"--topic {arguments[arguments.IndexOf("--topic") + 1]} ", script, StringComparison.Ordinal);
        Assert.Contains("key.separator=|", script, StringComparison.Ordinal);
        Assert.Equal(["ada", "grace", "alan"], records.Select(static record => record[0]));
        Assert.All(
            records,
            static record =>
                Assert.StartsWith(record[0], JsonElement.Parse(record[1]).GetProperty("email").GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Promtool_finds_nothing_in_the_configuration()
    {
        Assert.SkipUnless(Promtool.IsInstalled, "Needs promtool on the PATH: Debian's package prometheus.");

        var (exitCode, output) = await Promtool.RunAsync("check", "config", DeployFiles.PathOf("prometheus.yml"));

        Assert.True(exitCode == 0, output);
    }

    private static Dictionary<string, string> Mounts(string service) =>
        Services.GetProperty(service).GetProperty("volumes").EnumerateArray()
        .Select(static volume => volume.GetString()!.Split(':'))
            .ToDictionary(static parts => parts[1], static parts => parts[0], StringComparer.Ordinal);
}
