func.func @unknown(%x: f32) -> f32 {
  %v = vector.broadcast %x : f32 to vector<4xf32>
  %r = vector.reduction <add>, %v : vector<4xf32> into f32
  return %r : f32
}
