using System.Buffers;
using Apache.Arrow;
using KafkaCaching.Hybrid;
using KafkaCaching.Recipes;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Hybrid;
using MessagePack;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.Tests.Recipes;

/// <summary>The serializers of the recipes, alone and in a hybrid cache of two pods.</summary>
public sealed class RecipeTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task MessagePack_values_come_back_in_another_pod()
    {
        var price = new Price { Sku = "A-1", Amount = 12.5m, Shops = ["north", "süd"] };

        var read = await ReadInAnotherPodAsync(price, static services => services.AddSingleton<IHybridCacheSerializer<Price>>(
            new MessagePackHybridSerializer<Price>()));

        Assert.Equal((price.Sku, price.Amount), (read.Sku, read.Amount));
        Assert.Equal(price.Shops, read.Shops);
    }

    [Fact]
    public void MessagePack_of_a_foreign_writer_does_not_run_deep()
    {
        // Ten thousand nested arrays.
        var deep = new ReadOnlySequence<byte>([.. Enumerable.Repeat((byte)0x91, 10_000), 0xc0]);

        Assert.Throws<MessagePackSerializationException>(() => new MessagePackHybridSerializer<object>().Deserialize(deep));
    }

    [Fact]
    public async Task Arrow_tables_come_back_in_another_pod()
    {
        using var table = new RecordBatch.Builder()
            .Append("city", nullable: false, static column => column.String(static texts => texts.AppendRange(["Oslo", "Ulm"])))
            .Append("people", nullable: false, static column => column.Int64(static numbers => numbers.AppendRange([717_710, 129_882])))
            .Build();

        using var read = await ReadInAnotherPodAsync(table, static services => services.AddSingleton<IHybridCacheSerializer<RecordBatch>>(
            new ArrowHybridSerializer()));

        Assert.Equal(2, read.Length);
        var cities = (StringArray)read.Column("city");
        Assert.Equal(["Oslo", "Ulm"], Enumerable.Range(0, cities.Length).Select(i => cities.GetString(i)));
        Assert.Equal([717_710L, 129_882L], ((Int64Array)read.Column("people")).Values.ToArray());
    }

    [Fact]
    public async Task Parquet_rows_come_back_in_another_pod_and_are_smaller_than_JSON()
    {
        IReadOnlyList<Row> rows = [
            .. Enumerable.Range(0, 5_000).Select(static i => new Row { Id = i, City = i % 2 == 0 ? "Oslo" : "Ulm", People = i * 3L }),
        ];

        var read = await ReadInAnotherPodAsync(rows, static services => services.AddSingleton<IHybridCacheSerializer<IReadOnlyList<Row>>>(
            new ParquetHybridSerializer<Row>()));
        var target = new ArrayBufferWriter<byte>();
        new ParquetHybridSerializer<Row>().Serialize(rows, target);

        Assert.Equal(rows.Select(static row => (row.Id, row.City, row.People)), read.Select(static row => (row.Id, row.City, row.People)));
        Assert.InRange(target.WrittenCount, 1, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(rows).Length / 2);
    }

    [Fact]
    public async Task Bytes_that_are_none_of_it_are_a_miss()
    {
        var topic = new InMemoryTopic(time: _clock);
        await using var old = await HybridPod.ReadyAsync(topic, _clock);
        await old.Cache.SetAsync("k", new Price { Sku = "as JSON" }, cancellationToken: Token);
        await using var pod = await HybridPod.ReadyAsync(topic, _clock, add: static services =>
            services.AddSingleton<IHybridCacheSerializer<Price>>(new MessagePackHybridSerializer<Price>()));

        Assert.False(pod.Cache.TryGet<Price>("k", out _));
    }

    private async Task<T> ReadInAnotherPodAsync<T>(T value, Action<IServiceCollection> add)
    {
        var topic = new InMemoryTopic(time: _clock);
        await using var one = await HybridPod.ReadyAsync(topic, _clock, add: add);
        await using var two = await HybridPod.ReadyAsync(topic, _clock, add: add);
        await one.Cache.SetAsync("k", value, cancellationToken: Token);
        await topic.SettleAsync(Token);
        Assert.True(two.Cache.TryGet<T>("k", out var read));
        return read;
    }

    [MessagePackObject]
    public sealed class Price
    {
        [Key(0)]
        public string Sku { get; set; } = "";

        [Key(1)]
        public decimal Amount { get; set; }

        [Key(2)]
        public string[] Shops { get; set; } = [];
    }

    public sealed class Row
    {
        public int Id { get; set; }

        public string City { get; set; } = "";

        public long People { get; set; }
    }
}
