using System.Net;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Hosting;
using KafkaCaching.Tests.Puts;
using KafkaCaching.Tests.Replay;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.Tests.AspNetCore.Positions;

public sealed class PositionsMiddlewareTests(EmbeddedBrokerFixture broker)
{
    private readonly string _topic = broker.CreateTopic(partitions: 4);

    [Fact]
    public async Task What_one_service_wrote_is_read_in_another_that_was_handed_the_header()
    {
        using var held = new HeldApply();
        await using var users = await WritableAsync("users");
        await using var copy = await TestCaches.ReadyAsync(broker.BootstrapServers, _topic, options =>
        {
            options.Name = "users";
            held.Hold(options);
        });
        await using var writer = await PositionsApp.StartAsync(
            async context => await users.PutAsync(Key(context), "new"), services => services.AddKafkaCache(users));
        await using var reader = await PositionsApp.StartAsync(
            context => context.Response.WriteAsync(copy.Get(Key(context)) ?? "nothing"), services => services.AddKafkaCache(copy));
        held.Close();

        var written = await writer.GetAsync("/ada");
        var without = await reader.GetAsync("/ada");
        var reading = reader.GetAsync("/ada", written.Positions());

        Assert.Equal("nothing", await without.BodyAsync());
        Assert.Matches(@"\Ausers=[0-3]:0\z", written.Positions());
        Assert.False(reading.IsCompleted);
        held.Open();
        var read = await reading;
        Assert.Equal((HttpStatusCode.OK, "new"), (read.StatusCode, await read.BodyAsync()));
        Assert.Null(read.Positions());
    }

    [Fact]
    public async Task Every_way_of_writing_is_on_the_response_with_the_highest_of_each_cache_and_partition()
    {
        await using var users = await WritableAsync("users");
        await using var odd = await WritableAsync("a, b=ü", broker.CreateTopic());
        var written = new List<(string Cache, CachePosition Position)>();
        await using var app = await PositionsApp.StartAsync(async context =>
        {
            var cancellation = context.RequestAborted;
            for (var i = 0; i < 5; i++)
            {
                var key = $"{Key(context)} {i}";
                written.Add(("users", users.Put(key, "1").Position));
                written.Add(("users", (await users.PutAsync(key, "2", PutWait.Applied, cancellation)).Position));
                written.Add(("users", users.Remove(key).Position));
                written.Add(("users", (await users.RemoveAsync(key, cancellationToken: cancellation)).Position));
                written.AddRange(
                    (await users.PutManyAsync([new(key, "3"), new($"{key} too", "4")], cancellationToken: cancellation))
                        .Select(static put => ("users", put.Result!.Value.Position)));
            }

            written.Add((odd.Name, await Task.Run(() => odd.Put("x", "1", PutWait.Applied).Position)));
        });

        var response = await app.GetAsync("/k");

        var highest = written.GroupBy(static one => (one.Cache, one.Position.Partition))
            .OrderBy(static one => one.Key.Cache, StringComparer.Ordinal)
            .ThenBy(static one => one.Key.Partition)
            .Select(
                static one =>
                    $"{Uri.EscapeDataString(one.Key.Cache)}={one.Key.Partition}:{one.Max(static each => each.Position.Offset)}").ToArray();
        Assert.Equal(string.Join(", ", highest), response.Positions());
        Assert.StartsWith("a%2C%20b%3D%C3%BC=0:0, users=", response.Positions(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Position_of_a_write_whose_apply_was_not_awaited_to_its_end_is_on_the_response()
    {
        using var held = new HeldApply();
        await using var users = await WritableAsync("users", configure: options =>
        {
            options.ApplyTimeout = TimeSpan.FromMilliseconds(20);
            held.Hold(options);
        });
        held.Close();
        await using var app = await PositionsApp.StartAsync(async context =>
        {
            var ended = await Assert.ThrowsAsync<PutException>(
                async () => await users.PutAsync("ada", "1", PutWait.Applied, context.RequestAborted));
            Assert.Equal(PutOutcome.Committed, ended.Outcome);
            context.Response.StatusCode = 504;
        });

        var response = await app.GetAsync("/");

        Assert.Matches(@"\Ausers=[0-3]:0\z", response.Positions());
    }

    [Fact]
    public async Task Position_of_a_write_is_on_the_answer_to_an_error_that_came_after_it()
    {
        await using var users = await WritableAsync("users");
        await using var app = await PositionsApp.StartAsync(
            async context =>
            {
                await users.PutAsync("ada", "1", cancellationToken: context.RequestAborted);
                throw new InvalidOperationException("After the write.");
            },
            static _ => { },
            static app => app.UseExceptionHandler(static error => error.Run(static context => context.Response.WriteAsync("sorry"))));

        var response = await app.GetAsync("/");

        Assert.Equal((HttpStatusCode.InternalServerError, "sorry"), (response.StatusCode, await response.BodyAsync()));
        Assert.Matches(@"\Ausers=[0-3]:0\z", response.Positions());
    }

    [Fact]
    public async Task Response_that_has_already_started_is_sent_without_the_header()
    {
        await using var users = await WritableAsync("users");
        await using var app = await PositionsApp.StartAsync(
            async context =>
            {
                await users.PutAsync("ada", "1", cancellationToken: context.RequestAborted);
                await context.Response.WriteAsync("written");
            },
            static _ => { },
            static app => app.Use(static async (context, next) =>
            {
                await context.Response.StartAsync(context.RequestAborted);
                await next(context);
            }));

        var response = await app.GetAsync("/");

        Assert.Equal("written", await response.BodyAsync());
        Assert.Null(response.Positions());
    }

    [Fact]
    public async Task Requests_at_once_carry_each_its_own()
    {
        await using var users = await WritableAsync("users");
        await using var app = await PositionsApp.StartAsync(async context =>
        {
            var put = await users.PutAsync(Key(context), "1", cancellationToken: context.RequestAborted);
            await context.Response.WriteAsync($"users={put.Position}");
        });

        var responses = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => app.GetAsync($"/{i}")));

        foreach (var response in responses)
            Assert.Equal(await response.BodyAsync(), response.Positions());
    }

    [Fact]
    public async Task Malformed_header_is_refused_with_the_form_and_without_what_was_sent()
    {
        await using var app = await PositionsApp.StartAsync(static _ => throw new InvalidOperationException("It must not come this far."));

        var response = await app.GetAsync("/", "users=<script>alert(1)</script>");
        var body = await response.BodyAsync();

        Assert.Equal(
            (HttpStatusCode.BadRequest, "application/problem+json"),
            (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Contains("KafkaCache-Position", body, StringComparison.Ordinal);
        Assert.Contains("users=3:1042, sessions=0:77", body, StringComparison.Ordinal);
        Assert.DoesNotContain("script", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Caches_that_the_app_does_not_have_are_passed_over()
    {
        await using var app = await PositionsApp.StartAsync(
            static context => context.Response.WriteAsync("fine"), Users(static (_, _) => Task.CompletedTask));

        var response = await app.GetAsync("/", "orders=0:9223372036854775807, Users=1:1");

        Assert.Equal("fine", await response.BodyAsync());
    }

    [Fact]
    public async Task Position_that_is_not_applied_in_time_is_answered_with_when_to_come_again()
    {
        await using var users = await WritableAsync(
            "users", configure: static options => options.ApplyTimeout = TimeSpan.FromMilliseconds(20));
        await using var app = await PositionsApp.StartAsync(
            static _ => throw new InvalidOperationException("It must not come this far."), services => services.AddKafkaCache(users));

        var response = await app.GetAsync("/", "users=2:1042");

        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(1)), (response.StatusCode, response.Headers.RetryAfter?.Delta));
        Assert.Contains("Position 2:1042 of the cache 'users'", Plain(await response.BodyAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task First_position_that_cannot_be_met_ends_the_waits_for_the_others()
    {
        var ended = 0;
        async Task WaitAsync(CachePosition position, CancellationToken cancellationToken)
        {
            if (position.Partition == 3)
                throw new TopicChangedException("Another topic.");
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            finally
            {
                Interlocked.Increment(ref ended);
            }
        }

        await using var app = await PositionsApp.StartAsync(static _ => Task.CompletedTask, Users(WaitAsync));

        var response = await app.GetAsync("/", "users=1:1, users=2:2, users=3:3");

        Assert.Equal(2, ended);
        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(1)), (response.StatusCode, response.Headers.RetryAfter?.Delta));
        Assert.Contains(
            "The topic of the cache 'users' has changed, so position 3:3", Plain(await response.BodyAsync()),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cache_that_has_ended_is_not_worth_coming_again_for()
    {
        await using var app = await PositionsApp.StartAsync(
            static _ => Task.CompletedTask, Users(
                static (_, _) => throw new CacheFaultedException("It has faulted.", new InvalidOperationException())));

        var response = await app.GetAsync("/", "users=3:3");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, null), (response.StatusCode, response.Headers.RetryAfter));
    }

    [Fact]
    public async Task Client_that_goes_away_ends_its_waits()
    {
        var begun = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        using var client = new CancellationTokenSource();
        await using var app = await PositionsApp.StartAsync(static _ => Task.CompletedTask, Users(async (_, cancellationToken) =>
        {
            await using var ending = cancellationToken.Register(ended.SetResult);
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }));

        var request = app.GetAsync("/", "users=3:3", client.Token);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await client.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    private static FakeCache Users(Func<CachePosition, CancellationToken, Task> wait) => new(CachePhase.Ready) { Wait = wait };

    [Fact]
    public async Task Response_names_no_more_positions_than_a_request_may_and_the_rest_is_logged()
    {
        await using var app = await PositionsApp.StartAsync(static _ =>
        {
            for (var partition = 0; partition < 120; partition++)
                WrittenPositions.Note("users", new CachePosition(partition, 1));
            return Task.CompletedTask;
        });

        var response = await app.GetAsync("/");

        Assert.Equal(100, response.Positions()!.Split(", ").Length);
        Assert.Contains(app.Logger.Lines, static line => line is { Id: 502 });
    }

    private static string Key(HttpContext context) => context.Request.Path.Value![1..];

    private static string Plain(string json) => System.Text.Json.JsonDocument.Parse(json).RootElement.GetProperty("detail").GetString()!;

    private Task<KafkaCache<string, string>> WritableAsync(
        string name, string? topic = null, Action<KafkaCacheOptions<string, string>>? configure = null) =>
        TestCaches.ReadyAsync(broker.BootstrapServers, topic ?? _topic, options =>
        {
            options.Name = name;
            options.ReadOnly = false;
            configure?.Invoke(options);
        });
}
