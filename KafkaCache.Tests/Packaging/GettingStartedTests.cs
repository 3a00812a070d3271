using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using KafkaCaching.Testing.Nodes;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Docs;
using KafkaCaching.Tests.House;
using KafkaCaching.Tests.Processes;

namespace KafkaCaching.Tests.Packaging;

/// <summary>Creates the service of docs/getting-started.md in a new folder, with the page's commands and the packages of this
/// build.</summary>
[Collection(nameof(Packages))]
[Trait("Category", "Long")]
public sealed partial class GettingStartedTests(PackagesFixture packages, EmbeddedBrokerFixture embedded)
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "getting-started.md"));

    private static readonly string[] Programs =
        [.. Snippet.In(Repository.Root, Path.Combine("docs", "getting-started.md")).Select(static snippet => snippet.Code)];

    [Fact]
    public async Task The_service_of_the_page_works_the_first_time_and_so_does_what_follows()
    {
        using var outer = await packages.NewProjectFolderAsync();
        var folder = await NewServiceAsync(outer.Path);
        var topic = embedded.CreateTopic(partitions: 4);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "appsettings.json"), Settings(embedded.BootstrapServers, topic), TestContext.Current.CancellationToken);
        await RunAsync(folder, async client =>
        {
            await Eventually.TrueAsync(
                async () => await StatusOfAsync(client, "/health/ready") == HttpStatusCode.OK, "the service is ready",
                TimeSpan.FromMinutes(1));

            using var put = await PutAsync(client, "ada", "Ada");
            Assert.StartsWith("users=", Assert.Single(put.Headers.GetValues("KafkaCache-Position")), StringComparison.Ordinal);
            Assert.Equal(
                """{"email":"ada@example.com","displayName":"Ada"}""",
                await client.GetStringAsync("/users/ada", TestContext.Current.CancellationToken));
            Assert.Equal(HttpStatusCode.NotFound, await StatusOfAsync(client, "/users/grace"));
            Assert.Contains(
                $"kafkacache_entries{{cache=\"users\",topic=\"{topic}\"}} 1\n",
                await client.GetStringAsync("/metrics", TestContext.Current.CancellationToken), StringComparison.Ordinal);
            Assert.Equal("Healthy", await client.GetStringAsync("/health/live", TestContext.Current.CancellationToken));
            Assert.Equal(HttpStatusCode.OK, await StatusOfAsync(client, "/kafkacache/"));
        });

        await File.WriteAllTextAsync(Path.Combine(folder, "Program.cs"), Programs[1], TestContext.Current.CancellationToken);
        await RunAsync(folder, async client =>
        {
            await Eventually.TrueAsync(
                async () => await StatusOfAsync(client, "/ids?prefix=a") == HttpStatusCode.OK, "the service is ready",
                TimeSpan.FromMinutes(1));

            using var put = await PutAsync(client, "eve", "Eve");
            Assert.Equal(
                """[{"email":"eve@example.com","displayName":"Eve"}]""",
                await client.GetStringAsync("/users?email=eve@example.com", TestContext.Current.CancellationToken));
            Assert.Equal("""["eve"]""", await client.GetStringAsync("/ids?prefix=e", TestContext.Current.CancellationToken));
            await using var events = await client.GetStreamAsync("/users/watch", TestContext.Current.CancellationToken);
            using var lines = new StreamReader(events);
            Assert.Equal("event: initial", await lines.ReadLineAsync(TestContext.Current.CancellationToken));
        });
    }

    [Fact]
    public async Task A_mistyped_setting_stops_it_with_a_remedy()
    {
        using var outer = await packages.NewProjectFolderAsync();
        var folder = await NewServiceAsync(outer.Path);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "appsettings.json"),
            Settings("localhost:9092", "users").Replace("\"Topic\"", "\"Topc\"", StringComparison.Ordinal),
            TestContext.Current.CancellationToken);
        await DotnetCli.RunAsync(folder, "build");
        using var service = DotnetCli.Start(folder, "run", "--no-build", "--urls", $"http://127.0.0.1:{FreePort.Take()}");
        var errors = service.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = service.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.NotEqual(0, await service.ExitCodeAsync(DotnetCli.Timeout));
        Assert.Contains("Caches:users:Topc is not an option; did you mean Topic?", await errors + await output, StringComparison.Ordinal);
        Assert.Contains("Topic is missing", await errors + await output, StringComparison.Ordinal);
    }

    private async Task<string> NewServiceAsync(string folder)
    {
        await DotnetCli.RunAsync(folder, "new", "web", "--name", "UsersService");
        var service = Path.Combine(folder, "UsersService");
        foreach (var package in AddedPackage().Matches(Page).Select(static package => package.Groups["name"].Value))
            await DotnetCli.RunAsync(
                service,
                ["add", "package", package, .. PackagesFixture.Names.Contains(package) ? (string[])["--version", packages.Version] : []]);
        await File.WriteAllTextAsync(Path.Combine(service, "Program.cs"), Programs[0], TestContext.Current.CancellationToken);
        return service;
    }

    private static async Task RunAsync(string folder, Func<HttpClient, Task> use)
    {
        await DotnetCli.RunAsync(folder, "build");
        var address = new Uri($"http://127.0.0.1:{FreePort.Take()}");
        using var service = DotnetCli.Start(folder, "run", "--no-build", "--urls", address.ToString());
        try
        {
            using var client = new HttpClient { BaseAddress = address };
            await use(client);
        }
        finally
        {
            service.Kill(entireProcessTree: true);
            await service.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static async Task<HttpResponseMessage> PutAsync(HttpClient client, string id, string name)
    {
        var put = await client.PutAsJsonAsync(
            $"/users/{id}", new { email = $"{id}@example.com", displayName = name }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        return put;
    }

    private static string Settings(string bootstrapServers, string topic) => JsonBlock().Match(Page).Groups["json"].Value
        .Replace("localhost:9092", bootstrapServers, StringComparison.Ordinal)
        .Replace("\"Topic\": \"users\"", $"\"Topic\": \"{topic}\"", StringComparison.Ordinal);

    private static async Task<HttpStatusCode?> StatusOfAsync(HttpClient client, string path)
    {
        try
        {
            using var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null; // The service doesn't listen yet.
        }
    }

    [GeneratedRegex(
        @"^    dotnet add package (?<name>\S+)$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex AddedPackage();

    [GeneratedRegex(@"```json\n(?<json>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex JsonBlock();
}
