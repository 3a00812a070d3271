using System.Net.Sockets;
using System.Text;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Replay;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.AspNetCore.Positions;

/// <summary>Malformed and repeated headers, sent to a real web server.</summary>
public sealed class PositionsOverTheWireTests(EmbeddedBrokerFixture broker)
{
    [Theory]
    [InlineData("users=0:0\r\nKafkaCache-Position: users=0:1\r\nkafkacache-position: users=0:2", "503")]
    [InlineData("users=0:0\r\nKafkaCache-Position: users=0:0", "200")]
    [InlineData("\u00e9=0:0", "400")]
    [InlineData("users%0d%0aX-Injected:%20x=0:0", "200")]
    [InlineData("", "200")]
    public async Task Whatever_is_sent_is_answered_and_never_by_an_error_of_the_server(string header, string status)
    {
        var topic = broker.CreateTopic();
        await broker.Kafka.ProduceAsync(topic, "a", "1");
        await using var users = await TestCaches.ReadyAsync(
            broker.BootstrapServers, topic,
            static options => (options.Name, options.ApplyTimeout) = ("users", TimeSpan.FromMilliseconds(50)));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddKafkaCache(users);
        await using var app = builder.Build();
        app.UseKafkaCachePositions();
        app.Run(static context => context.Response.WriteAsync("fine"));
        await app.StartAsync(TestContext.Current.CancellationToken);

        var answer = await AnswerAsync(new Uri(app.Urls.Single()), header);

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("X-Injected", answer, StringComparison.Ordinal);
    }

    private static async Task<string> AnswerAsync(Uri server, string header)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port, TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.Latin1.GetBytes($"GET / HTTP/1.1\r\nHost: x\r\nKafkaCache-Position: {header}\r\nConnection: close\r\n\r\n"),
            TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
