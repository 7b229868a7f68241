using System.Runtime.CompilerServices;

namespace Hearsay.Protocols.Security;

/// <summary>The key of one boot (<see cref="RecordCipher.Derive"/>), beside what else is needed with it.</summary>
[InlineArray(RecordCipher.KeyBytes)]
internal struct BootKey
{
    private byte _first;
}
