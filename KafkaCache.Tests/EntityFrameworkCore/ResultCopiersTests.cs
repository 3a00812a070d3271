using KafkaCaching.EntityFrameworkCore.Results;
using KafkaCaching.EntityFrameworkCore.Rows;
using KafkaCaching.Testing;
using Microsoft.EntityFrameworkCore;

namespace KafkaCaching.Tests.EntityFrameworkCore;

/// <summary>Copies of the objects of results.</summary>
public sealed class ResultCopiersTests
{
    private readonly ResultCopiers _copiers = new(
        new ShopContext(new DbContextOptionsBuilder<ShopContext>().UseSqlite("Data Source=:memory:").Options).Model);

    [Fact]
    public void Copies_refer_to_each_other_as_the_originals_do()
    {
        var ada = new User { Name = "Ada", Orders = [new Order(), new Order()] };
        ada.Manager = ada;
        ada.Orders.ForEach(order => order.User = ada);
        Assert.True(_copiers.TryCopy<User>([ada, ada], out var copies, out var isSame));
        Assert.False(isSame);
        Assert.NotSame(ada, copies[0]);
        Assert.Same(copies[0], copies[1]);
        Assert.Same(copies[0], copies[0].Manager);
        Assert.All(copies[0].Orders, order => Assert.Same(copies[0], order.User));
        Assert.NotSame(ada.Orders[0], copies[0].Orders[0]);
        Assert.Same(ada.Email, copies[0].Email);
    }

    [Fact]
    public void Read_only_fields_that_hold_what_can_be_changed_are_copied()
    {
        var basket = new Basket("Ada", ["apples"]);
        Assert.True(_copiers.TryCopy<Basket>([basket], out var copies, out var isSame));
        copies[0].Add("pears");
        Assert.Equal((false, 1, 2, "Ada"), (isSame, basket.Count, copies[0].Count, copies[0].Owner));
    }

    [Fact]
    public void A_chain_that_is_too_long_for_the_stack_and_a_type_that_is_not_known_are_not_copied()
    {
        var chain = new User();
        for (var i = 0; i < 200_000; i++)
            chain = new User { Manager = chain };
        Assert.False(_copiers.TryCopy<User>([chain], out _, out _));
        Assert.False(_copiers.TryCopy<object>([new Basket("Ada", []) { Other = new MemoryStream() }], out _, out _));
        Assert.False(_copiers.TryCopy([new Dictionary<string, string>(StringComparer.Ordinal)], out _, out _));
    }

    [Theory]
    [InlineData(typeof(string), true)]
    [InlineData(typeof(Guid?), true)]
    [InlineData(typeof(UserStatus), true)]
    [InlineData(typeof(UserRow), true)]
    [InlineData(typeof(Email), true)]
    [InlineData(typeof(KeyValuePair<string, int>), true)]
    [InlineData(typeof(KeyValuePair<string, int[]>), false)]
    [InlineData(typeof(int[]), false)]
    [InlineData(typeof(User), false)]
    [InlineData(typeof(List<int>), false)]
    [InlineData(typeof(IReadOnlyList<int>), false)]
    [InlineData(typeof(Action), false)]
    [InlineData(typeof(System.Text.Json.JsonElement), false)]
    public void A_type_is_immutable_if_its_fields_are(Type type, bool isImmutable) =>
        Assert.Equal(isImmutable, ImmutableShapes.IsImmutable(type));

    [Fact]
    public void Objects_are_found_for_a_result_that_is_read_from_bytes_again_until_their_time_is_over()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        using var memory = new ResultMemory(TimeSpan.FromSeconds(60), clock);
        var result = CachedResultSerializer.Create(["t"], []);
        memory.Keep(result, ["one"], _copiers);
        CachedResult Again() => new(result.Id, result.Tags, result.Commands);
        Assert.Equal(["one"], memory.Find<string>(Again(), _copiers)!.All(_copiers));
        Assert.Null(memory.Find<int>(Again(), _copiers));
        Assert.Null(memory.Find<string>(CachedResultSerializer.Create(["t"], []), _copiers));
        clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Null(memory.Find<string>(Again(), _copiers));
    }

    private sealed class Basket(string owner, List<string> items)
    {
        private readonly List<string> _items = items;

        public string Owner { get; } = owner;

        public object? Other { get; init; }

        public int Count => _items.Count;

        public void Add(string item) => _items.Add(item);
    }
}
