using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace KafkaCaching.Tests.Schemas;

/// <summary>What protoc would make, kept small, of <c>message User { string id = 1; string email = 2; int32 version = 3; }</c>.</summary>
public sealed class UserMessage : IMessage<UserMessage>
{
    private const uint IdTag = (1 << 3) | 2;
    private const uint EmailTag = (2 << 3) | 2;
    private const uint VersionTag = 3 << 3;

    public string Id { get; set; } = "";

    public string Email { get; set; } = "";

    public int Version { get; set; }

    MessageDescriptor IMessage.Descriptor => throw new NotSupportedException();

    public void MergeFrom(CodedInputStream input)
    {
        uint tag;
        while ((tag = input.ReadTag()) != 0)
        {
            switch (tag)
            {
                case IdTag:
                    Id = input.ReadString();
                    break;
                case EmailTag:
                    Email = input.ReadString();
                    break;
                case VersionTag:
                    Version = input.ReadInt32();
                    break;
                default:
                    input.SkipLastField();
                    break;
            }
        }
    }

    public void WriteTo(CodedOutputStream output)
    {
        output.WriteTag(IdTag);
        output.WriteString(Id);
        output.WriteTag(EmailTag);
        output.WriteString(Email);
        output.WriteTag(VersionTag);
        output.WriteInt32(Version);
    }

    public int CalculateSize() =>
        3 + CodedOutputStream.ComputeStringSize(Id) + CodedOutputStream.ComputeStringSize(Email) + CodedOutputStream.ComputeInt32Size(Version);

    public void MergeFrom(UserMessage message) => (Id, Email, Version) = (message.Id, message.Email, message.Version);

    public UserMessage Clone() => new() { Id = Id, Email = Email, Version = Version };

    public bool Equals(UserMessage? other) => other is not null && (other.Id, other.Email, other.Version) == (Id, Email, Version);

    public override bool Equals(object? obj) => Equals(obj as UserMessage);

    public override int GetHashCode() => HashCode.Combine(Id, Email, Version);
}
