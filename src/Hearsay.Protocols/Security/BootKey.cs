using System.Runtime.CompilerServices;

namespace Hearsay.Protocols.Security;

/// <summary>The key of one boot (<see cref="RecordCipher.Derive"/>), for tables that have one in each entry.</summary>
[InlineArray(RecordCipher.KeyBytes)]
internal struct BootKey
{
    private byte _first;
}
