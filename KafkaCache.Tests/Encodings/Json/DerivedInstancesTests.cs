using System.Text.Json;
using System.Text.Json.Serialization;
using KafkaCaching.Encodings;

namespace KafkaCaching.Tests.Encodings.Json;

/// <summary>JSON would omit the members that a derived type adds if the contract does not know the type, so such an instance is
/// refused.</summary>
public sealed class DerivedInstancesTests
{
    [Fact]
    public void Derived_instance_that_adds_a_member_is_refused_wherever_it_is()
    {
        Refuses(Codecs.Value<Person>(), new Employee { Name = "ada", Firm = "f" });
        Refuses(Codecs.Value<Team>(), new Team { Lead = new Employee { Name = "ada", Firm = "f" } });
        Refuses(Codecs.Value<Person[]>(), [new Person { Name = "b" }, new Employee { Name = "ada" }]);
        Refuses(
            Codecs.ForValue<Team>(null, null, null, "t", new JsonSerializerOptions()), new Team { Lead = new Employee { Name = "ada" } });
        Refuses(Codecs.ForValue(null, null, PersonContracts.Default.Person, "t"), new Employee { Name = "ada" });
    }

    [Fact]
    public void Derived_instance_that_adds_nothing_is_written_as_its_base() =>
        Assert.Equal("b", Codecs.Value<Person>().Decode(Codecs.Value<Person>().Encode(new Proxy { Name = "b" })).Name);

    [Fact]
    public void Instance_of_the_type_itself_is_written() =>
        Assert.Equal(
            "b", Codecs.Value<Team>().Decode(Codecs.Value<Team>().Encode(new Team { Lead = new Person { Name = "b" } })).Lead!.Name);

    private static void Refuses<T>(Codec<T> codec, T value)
    {
        var error = Assert.Throws<NotSupportedException>(() => codec.Encode(value));
        Assert.Contains("[JsonDerivedType(typeof(Employee)", error.Message, StringComparison.Ordinal);
    }

    public class Person
    {
        public string? Name { get; set; }
    }

    public class Employee : Person
    {
        public string? Firm { get; set; }
    }

    public class Proxy : Person
    {
        public override string ToString() => "a proxy";
    }

    public sealed class Team
    {
        public Person? Lead { get; set; }
    }
}

[JsonSerializable(typeof(DerivedInstancesTests.Person))]
[JsonSerializable(typeof(DerivedInstancesTests.Employee))]
internal sealed partial class PersonContracts : JsonSerializerContext;
