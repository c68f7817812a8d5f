/** One field of a protobuf message: varints and fixed numbers as bigint, everything with a length as bytes. */
export interface WireField {
  number: number;
  value: bigint | Buffer;
}

/** The fields of a protobuf message, as they come; just enough to read what an exporter sends. */
export function readFields(message: Buffer): WireField[] {
  const fields: WireField[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message.readUInt8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const tag = Number(varint());
    const number = tag >> 3;
    switch (tag & 7) {
      case 0:
        fields.push({ number, value: varint() });
        break;
      case 1:
        fields.push({ number, value: message.readBigUInt64LE(at) });
        at += 8;
        break;
      case 2: {
        const length = Number(varint());
        fields.push({ number, value: message.subarray(at, at + length) });
        at += length;
        break;
      }
      case 5:
        fields.push({ number, value: BigInt(message.readUInt32LE(at)) });
        at += 4;
        break;
      default:
        throw new Error(`unknown wire type ${tag & 7} at byte ${at}`);
    }
  }
  return fields;
}

export function messages(fields: readonly WireField[], number: number): WireField[][] {
  return fields.flatMap((field) =>
    field.number === number && Buffer.isBuffer(field.value) ? [readFields(field.value)] : [],
  );
}

export function bytes(fields: readonly WireField[], number: number): Buffer {
  const value = fields.find((field) => field.number === number)?.value;
  return Buffer.isBuffer(value) ? value : Buffer.alloc(0);
}

export function integer(fields: readonly WireField[], number: number): bigint {
  const value = fields.find((field) => field.number === number)?.value;
  return typeof value === 'bigint' ? value : 0n;
}
