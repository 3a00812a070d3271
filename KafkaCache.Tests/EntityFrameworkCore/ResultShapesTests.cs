using System.Collections;
using System.Data;
using System.Text.Json;
using System.Text.Json.Serialization;
using KafkaCaching.Testing;
using Microsoft.EntityFrameworkCore;

namespace KafkaCaching.Tests.EntityFrameworkCore;

/// <summary>Every kind of result on every provider: each caller in each pod gets the same result as without the cache.</summary>
public sealed class ResultShapesTests(PostgresFixture postgres, QueryShapesTests.Databases databases)
    : IClassFixture<QueryShapesTests.Databases>
{
    private static readonly JsonSerializerOptions Json = new()
    {
        ReferenceHandler = ReferenceHandler.Preserve, IncludeFields = true, WriteIndented = true,
    };

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public static TheoryData<Provider, string> Rows =>
        [.. Enum.GetValues<Provider>().SelectMany(static provider => ResultShapes.All.Keys
            .Select(shape => new TheoryDataRow<Provider, string>(provider, shape)))];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Each_caller_gets_the_same_objects_and_changes_its_own(Provider provider, string name)
    {
        var database = await databases.OfAsync(provider, postgres);
        var topic = new InMemoryTopic(partitions: 3, _clock, "shop.ef");
        await using var one = await EfPod.ReadyAsync(topic, _clock, database);
        await using var two = await EfPod.ReadyAsync(topic, _clock, database);
        var shape = ResultShapes.All[name];
        string expected;
        await using (var plain = database.Open(QueryTrackingBehavior.NoTrackingWithIdentityResolution))
            expected = Form(await shape.Plain(plain));

        var first = await one.WithAsync(shape.Cached);
        Assert.Equal(expected, Form(first));
        Assert.Equal((0, 1), (one.Counts.Hits, one.Counts.Misses));
        Spoil(first);
        await topic.SettleAsync(TestContext.Current.CancellationToken);
        foreach (var pod in new[] { one, two })
        {
            var before = pod.Counts.Misses;
            for (var i = 0; i < 3; i++)
            {
                var read = await pod.WithAsync(shape.Cached);
                Assert.Equal(expected, Form(read));
                Spoil(read);
            }

            Assert.Equal(before, pod.Counts.Misses);
            await HitsWithoutTheDatabaseAsync(pod, shape, expected);
        }
    }

    private static async Task HitsWithoutTheDatabaseAsync(EfPod pod, ResultShape shape, string expected)
    {
        var commands = new CountedCommands();
        await using var db = pod.Open(interceptors: commands);
        var opened = 0;
        db.Database.GetDbConnection().StateChange += (_, change) => opened += change.CurrentState == ConnectionState.Open ? 1 : 0;
        var result = await shape.Cached(db);
        Assert.Equal(expected, Form(result));
        Assert.Equal(0, opened);
        Assert.Equal(shape.IsCopied, commands.Count == 0);
        if (shape.IsCopied)
            Assert.Equal(
                shape.IsShared || !((IEnumerable)result).Cast<object>().Any(), ReferenceEquals(result, await shape.Cached(db)));
    }

    // Changes everything in a result that a caller can change.
    private static void Spoil(object result)
    {
        foreach (var element in (IEnumerable)result)
        {
            foreach (var one in element is User or Card or Sample ? [element] : Parts(element))
                SpoilOne(one);
        }
    }

    private static IEnumerable<object?> Parts(object element) => element is Order or Payment or Document
        ? [element]
        : element.GetType().GetProperties().Where(static property => property.GetIndexParameters().Length == 0)
            .Select(property => property.GetValue(element));

    private static void SpoilOne(object? one)
    {
        switch (one)
        {
            case User user:
                user.Name = "spoiled";
                user.Tags.Add("spoiled");
                user.Address?.Street = "spoiled";
                user.Profile?.Links.Clear();
                user.Orders.ForEach(static order => order.Total = -1);
                user.Roles.Clear();
                user.Phones.Clear();
                user.Manager?.Name = "spoiled";
                break;
            case Order order:
                order.Total = -1;
                order.User?.Name = "spoiled";
                break;
            case Card card:
                card.Name = "spoiled";
                card.Tags.Clear();
                card.Back?.Text = "spoiled";
                break;
            case Sample sample:
                Array.Clear(sample.Bytes);
                Array.Clear(sample.Numbers);
                sample.MaybeText = "spoiled";
                break;
            case Payment payment:
                payment.Amount = -1;
                break;
            case Document document:
                document.Title = "spoiled";
                break;
            case List<decimal> totals:
                totals.Add(-1);
                break;
            default:
                break;
        }
    }

    private static string Form(object result)
    {
        var all = ((IEnumerable)result).Cast<object>().ToList();
        return $"{string.Join(' ', all.Select(static one => one.GetType()))} {JsonSerializer.Serialize(all, Json)}";
    }
}
